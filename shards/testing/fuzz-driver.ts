import { create, toBinary } from "@bufbuild/protobuf";
import { ArenaPlayerSchema } from "#proto/journal_pb.ts";
import { VIEWPORT_HEIGHT_MAX, VIEWPORT_MIN, VIEWPORT_WIDTH_MAX } from "#shared/net/protocol.ts";
import { ARENA_UNIT, type Random } from "#shared/sim/index.ts";
import type { ViewportSize } from "../loop/messages.ts";
import { actionFrame, attackFrame, helloFrame, moveFrame } from "./client-frames.ts";
import type { FuzzClient } from "./fuzz-client.ts";
import type { FuzzShard } from "./fuzz-shard.ts";

const PLAYERS = Array.from({ length: 15 }, (_, index) => `player-${index}`);
const CLIENTS_MAX = 20;
const PRESSURES = [0, 1, 2, 3, 4, 5] as const;

/** What goes on around a shard: one random number decides on the next thing that happens. */
export class FuzzDriver {
  readonly #shard: FuzzShard;
  readonly #random: Random;
  #tickets = 0;
  readonly #leavingSoon: FuzzClient[] = [];
  /** Of the latest welcomes, oldest first. */
  readonly #credentials: { playerId: string; resumeToken: string }[] = [];

  constructor(shard: FuzzShard, random: Random) {
    this.#shard = shard;
    this.#random = random;
    for (const playerId of PLAYERS) shard.keep(playerId, this.#makeKept());
  }

  /** One tick and what happens before and after it. */
  async run(): Promise<void> {
    const { clock, gateway, storage } = this.#shard;
    if (this.#chance(5)) clock.advance(this.#below(12_000));
    for (let left = this.#below(8); left > 0; left--) await this.#act();
    for (const client of this.#shard.clients) client.isReading ||= this.#chance(5);
    this.#leaveLater();
    if (this.#chance(2))
      this.#shard.loop.setPressure(PRESSURES[this.#below(PRESSURES.length)] ?? 0);
    if (this.#chance(50)) storage.work();
    gateway.sweep();
    if (this.#chance(80)) await this.#shard.checkTickets();
    this.#shard.tick();
    this.#noteWelcomes();
    if (this.#chance(50)) storage.work(this.#below(6));
  }

  #leaveLater(): void {
    const { length } = this.#leavingSoon;
    for (const client of this.#leavingSoon.splice(0, this.#below(length + 1))) {
      if (client.isPlaying) client.say({ case: "leave", value: {} });
    }
  }

  async #act(): Promise<void> {
    const roll = this.#below(100);
    if (roll < 12) this.#join();
    else if (roll < 18) this.#resume();
    else if (roll < 21) this.#shard.storage.work(1 + this.#below(3));
    else if (roll < 23) await this.#shard.checkTickets();
    else if (roll < 25) this.#tellFromBus({ kind: "revoke", reason: "" });
    else if (roll < 28) this.#tellFromBus({ kind: "rename", name: `name ${this.#below(100)}` });
    else this.#actAsClient(roll);
  }

  #actAsClient(roll: number): void {
    const { clients } = this.#shard;
    const client = clients[this.#below(Math.max(1, clients.length))];
    if (client === undefined || !client.isOpen) return;
    if (roll < 34) client.cut();
    else if (roll < 38) client.isReading = false;
    else if (!client.isPlaying) return;
    else if (roll < 40) client.dropsNext = true;
    else if (roll < 42) client.say({ case: "leave", value: {} });
    else if (roll < 44) this.#leaveAndJoin(client);
    else if (roll < 49) this.#resize(client);
    else if (roll < 51) this.#sayAgain(client);
    else this.#command(client);
  }

  #join(): void {
    if (this.#shard.clients.length < CLIENTS_MAX) this.#joinAs(this.#player());
  }

  /** One device leaves while another comes in: either may be the first to be heard. */
  #leaveAndJoin(client: FuzzClient): void {
    const leavesFirst = this.#chance(30);
    if (leavesFirst) client.say({ case: "leave", value: {} });
    this.#joinAs(client.playerId);
    if (!leavesFirst) this.#leavingSoon.push(client);
  }

  #joinAs(playerId: string): void {
    // Now and then one that was used before.
    const number = this.#chance(5) ? this.#below(this.#tickets + 1) : ++this.#tickets;
    const name = `${playerId} named ${this.#below(3)}`;
    const ticket = this.#shard.makeTicket(`ticket ${number}`, playerId, name);
    const viewport = this.#viewport();
    this.#shard.connect(playerId, viewport).say(helloFrame({ ticket }, { viewport }));
  }

  #resume(): void {
    const last = this.#credentials.length - 1;
    const credential = this.#credentials[Math.max(0, last - this.#below(6))];
    if (credential === undefined) return;
    const viewport = this.#viewport();
    const client = this.#shard.connect(credential.playerId, viewport);
    client.say(helloFrame(credential, { viewport }));
  }

  #tellFromBus(
    message: { kind: "revoke"; reason: string } | { kind: "rename"; name: string },
  ): void {
    this.#shard.loop.inbox.push({ ...message, playerId: this.#player() });
  }

  #resize(client: FuzzClient): void {
    client.viewport = this.#viewport();
    client.say({ case: "viewport", value: client.viewport });
  }

  /** A command with the sequence of the last one: nothing comes of it. */
  #sayAgain(client: FuzzClient): void {
    const place = { sequence: client.sequence, tick: 0 };
    client.say(moveFrame(place, { dx: 1, dy: 1 }));
  }

  #command(client: FuzzClient): void {
    // From a little late to more than is allowed ahead.
    const tick = Math.max(0, this.#shard.loop.tick + this.#below(40) - 5);
    const kind = this.#below(20);
    if (kind === 0) client.command(tick, (place) => ({ case: "input", value: place }));
    else if (kind < 7) client.command(tick, attackFrame);
    else if (kind < 11) this.#actDurably(client, tick, kind < 9);
    else {
      const controls = { dx: this.#below(3) - 1, dy: this.#below(3) - 1 };
      client.command(tick, (place) => moveFrame(place, controls));
    }
  }

  /** Something new, or something that was asked for before, answered or not. */
  #actDurably(client: FuzzClient, tick: number, isNew: boolean): void {
    const { ledger, truth } = this.#shard;
    const earlier = ledger.of(client.playerId);
    const known = isNew ? undefined : earlier[this.#below(earlier.length)];
    const entities = [...truth.entities().values()];
    const to = entities[this.#below(entities.length)] ?? 0;
    const action = this.#chance(30)
      ? ({ case: "respawn", value: {} } as const)
      : ({ case: "give", value: { entity: to } } as const);
    const asked = known ?? ledger.add(client.playerId, action);
    client.command(tick, (place) => actionFrame(place, asked.action, asked.actionId));
  }

  #noteWelcomes(): void {
    const noted = new Set(this.#credentials.map(({ resumeToken }) => resumeToken));
    for (const { playerId, welcome } of this.#shard.clients) {
      if (welcome === undefined || noted.has(welcome.resumeToken)) continue;
      this.#credentials.push({ playerId, resumeToken: welcome.resumeToken });
    }
  }

  /** Where four cells meet, and weak, so that there is a crowd and a fight from the start. */
  #makeKept(): Uint8Array {
    const corner = this.#shard.truth.parameters.cellSize * ARENA_UNIT;
    const x = corner - 150 + this.#below(300);
    const y = corner - 150 + this.#below(300);
    const player = { x, y, facingRight: this.#chance(50), health: 40 };
    return toBinary(ArenaPlayerSchema, create(ArenaPlayerSchema, player));
  }

  /** Mostly a small one, beyond which there is something left to see. */
  #viewport(): ViewportSize {
    if (this.#chance(80)) {
      return { width: VIEWPORT_MIN + this.#below(200), height: VIEWPORT_MIN + this.#below(200) };
    }
    return {
      width: VIEWPORT_MIN + this.#below(VIEWPORT_WIDTH_MAX - VIEWPORT_MIN + 1),
      height: VIEWPORT_MIN + this.#below(VIEWPORT_HEIGHT_MAX - VIEWPORT_MIN + 1),
    };
  }

  #player(): string {
    return PLAYERS[this.#below(PLAYERS.length)] ?? "";
  }

  #chance(percent: number): boolean {
    return this.#below(100) < percent;
  }

  #below(bound: number): number {
    return this.#random.below(bound);
  }
}

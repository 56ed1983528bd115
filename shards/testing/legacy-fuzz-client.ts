import { expect } from "bun:test";
import { ArenaState } from "#proto/arena_pb.ts";
import { type ArenaSelf, advanceArena, arenaTravel } from "#shared/sim/index.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { type BatchSocket, LegacyClient } from "../gateway/legacy/legacy-client.ts";
import type { LegacyForm } from "../gateway/legacy/legacy-scene.ts";
import { createLegacyScratch } from "../gateway/legacy/legacy-translator.ts";
import type { SendResult } from "../gateway/socket.ts";
import type { ViewportSize } from "../loop/messages.ts";
import { visitorId } from "../loop/visitors.ts";
import type { ArenaMirror } from "./arena-mirror.ts";
import { type LegacyFrame, type LegacyPlayer, readLegacyFrame } from "./legacy-frames.ts";
import { UnreadPings } from "./unread-pings.ts";

/** First byte of a ServerFrame that holds a welcome or a tick. */
const WELCOME = 0x0a;
const TICK = 0x12;

/** One for all, as on a gateway's thread. */
const SCRATCH = createLegacyScratch();

/** A player as this client has it, from what it was told at the end of a tick. */
interface Known extends LegacyPlayer {
  tick: number;
}

/**
 * A client of the ancestor and its socket, on paper. After each tick frame what it was told is held
 * against the truth: who is there, how they move and, in the delta form, where they are.
 */
export class LegacyFuzzClient implements BatchSocket {
  readonly playerId: string;
  readonly form: LegacyForm;
  viewport: ViewportSize = { width: 800, height: 600 };
  /** What of that the loop has heard of. */
  #heardViewport = this.viewport;
  #isWelcomed = false;
  isOpen = true;
  isReading = true;
  /** The runtime drops the next message. */
  dropsNext = false;
  /** Frames that were held against the truth, and players in them. */
  checks = 0;
  seen = 0;
  readonly #gateway: Gateway;
  readonly #client: LegacyClient;
  readonly #truth: ArenaMirror;
  readonly #pings = new UnreadPings((payload) => {
    this.#gateway.ponged(this.#client.connection, payload);
  });
  readonly #known = new Map<number, Known>();
  /** Sequences of MOVEs that were not acknowledged yet. */
  readonly #owed: number[] = [];
  #own = 0;
  #sequence = 0;
  #listSequence = 0;
  /** A message was dropped: nothing makes sense before the next full state. */
  #isLost = false;

  constructor(options: { gateway: Gateway; truth: ArenaMirror; form: LegacyForm; uuid: string }) {
    const { gateway, truth, form, uuid } = options;
    this.#gateway = gateway;
    this.#truth = truth;
    this.form = form;
    this.playerId = visitorId(uuid);
    this.#client = new LegacyClient({ gateway, socket: this, form, uuid, scratch: SCRATCH });
    const send = this.#client.send.bind(this.#client);
    this.#client.send = (bytes) => {
      const [tag] = bytes;
      const result = send(bytes);
      this.#isWelcomed ||= tag === WELCOME;
      if (tag === TICK && this.isOpen) this.#check();
      return result;
    };
  }

  /** The loop has heard all that the client said; before the welcome nothing leaves it. */
  heard(): void {
    if (this.#isWelcomed) this.#heardViewport = this.viewport;
  }

  say(...bytes: number[]): void {
    this.#client.message(Uint8Array.from(bytes));
  }

  move(dx: number, dy: number): void {
    this.#sequence += 1;
    this.#owed.push(this.#sequence);
    this.say(3, (dx + 1) | ((dy + 1) << 2), ...littleEndian(this.#sequence, 4));
  }

  resize(viewport: ViewportSize): void {
    this.viewport = viewport;
    this.say(13, ...littleEndian(viewport.width, 2), ...littleEndian(viewport.height, 2));
  }

  cut(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#gateway.closed(this.#client.connection);
  }

  send(bytes: Uint8Array): SendResult {
    if (this.isReading) this.#pings.read();
    if (this.dropsNext) {
      this.dropsNext = false;
      this.#isLost = true;
      return "dropped";
    }
    this.#learn(readLegacyFrame(bytes.slice(), this.form));
    return "sent";
  }

  batch(action: () => void): void {
    action();
  }

  ping(payload: Uint8Array): void {
    this.#pings.add(payload, this.isReading);
  }

  close(): void {
    this.cut();
  }

  bufferedBytes(): number {
    return this.isReading ? 0 : 1_000_000;
  }

  #learn(frame: LegacyFrame): void {
    switch (frame.kind) {
      case "gameState":
        this.#learnAll(frame.players, frame.sequence);
        break;
      case "delta":
        this.#countList(frame.sequence);
        for (const player of frame.players) this.#update(player.id, player);
        break;
      case "joined":
        expect(this.#known.has(frame.player.id), `${frame.player.id} joins twice`).toBe(false);
        this.#set(frame.player);
        break;
      case "left":
        expect(this.#known.delete(frame.id), `${frame.id} was there`).toBe(true);
        break;
      case "movement":
        this.#update(frame.id, { vx: frame.dx, vy: frame.dy });
        break;
      case "direction":
        this.#update(frame.id, { facingRight: frame.right });
        break;
      case "attack":
        this.#update(frame.id, {});
        break;
      case "ack":
        this.#acknowledge(frame);
        break;
    }
  }

  #learnAll(players: LegacyPlayer[], sequence: number | undefined): void {
    if (sequence !== undefined) this.#countList(sequence);
    this.#known.clear();
    this.#isLost = false;
    if (this.#own === 0) this.#own = Math.max(...players.map(({ id }) => id));
    expect(this.#truth.entities().get(this.playerId), "the own number").toBe(this.#own);
    for (const player of players) this.#set(player);
    const { x = -1, y = -1 } = this.#truth.ackOf(this.#own)?.self ?? {};
    expect(this.#known.get(this.#own)).toMatchObject({
      x: Math.floor(x / 10),
      y: Math.floor(y / 10),
    });
    this.#known.delete(this.#own);
  }

  #countList(sequence: number): void {
    if (!this.#isLost) expect(sequence, "sequence of a list").toBe(this.#listSequence + 1);
    this.#listSequence = sequence;
  }

  #set(player: LegacyPlayer): void {
    this.#known.set(player.id, { ...player, tick: this.#truth.tick });
  }

  #update(id: number, news: Partial<LegacyPlayer>): void {
    const known = this.#known.get(id);
    if (known === undefined) throw new Error(`${this.playerId} was never told of ${id}`);
    Object.assign(known, this.#placeOf(known), news, { tick: this.#truth.tick });
  }

  /** Each once and in order; those in a message that was dropped never. */
  #acknowledge(ack: { id: number; x: number; y: number; sequence: number }): void {
    const at = this.#owed.indexOf(ack.sequence);
    expect(at, `place of ${ack.sequence} among ${this.#owed}`).toBeGreaterThanOrEqual(0);
    this.#owed.splice(0, at + 1);
    const { x = -1, y = -1 } = this.#truth.ackOf(this.#own)?.self ?? {};
    const place = { id: this.#own, x: Math.floor(x / 10), y: Math.floor(y / 10) };
    expect(ack).toMatchObject(place);
  }

  /** Where the client shows a player by now, in units with their fraction. */
  #placeOf({ x, y, vx, vy, tick }: Known): { x: number; y: number } {
    const { width, height, tickRate } = this.#truth.parameters;
    const travel = arenaTravel(tick, this.#truth.tick, tickRate);
    return {
      x: advanceArena(x * 10, vx * travel, width * 10) / 10,
      y: advanceArena(y * 10, vy * travel, height * 10) / 10,
    };
  }

  #check(): void {
    if (this.#isLost || this.#own === 0) return;
    const around = this.#truth.cellsAround(this.#own, this.#heardViewport);
    for (const entity of this.#truth.entities().values()) {
      const self = this.#truth.ackOf(entity)?.self;
      const known = this.#known.get(entity);
      if (self === undefined || entity === this.#own) continue;
      if (known !== undefined) this.#compare(known, self);
      else if (self.state !== ArenaState.DEAD && around.has(this.#truth.cellAt(entity))) {
        throw new Error(`${this.playerId} does not know ${entity}, who is in its window`);
      }
    }
    const entities = new Set(this.#truth.entities().values());
    for (const id of this.#known.keys()) expect(entities.has(id), `${id} is there`).toBe(true);
    this.checks += 1;
    this.seen += this.#known.size;
  }

  #compare(known: Known, self: ArenaSelf): void {
    const what = `what ${this.playerId} knows of ${known.id}`;
    const isMoving = self.state === ArenaState.MOVING;
    const { vx, vy, facingRight } = known;
    expect({ vx, vy, facingRight }, what).toEqual({
      vx: isMoving ? (self.controls?.dx ?? 0) : 0,
      vy: isMoving ? (self.controls?.dy ?? 0) : 0,
      facingRight: self.facingRight,
    });
    expect(self.state, what).not.toBe(ArenaState.DEAD);
    if (this.form === "events") return; // Events carry no place.
    expect(known.state, what).toBe(self.state - 1);
    const { x, y } = this.#placeOf(known);
    expect(Math.abs(x - self.x / 10), `${what}: x`).toBeLessThan(1);
    expect(Math.abs(y - self.y / 10), `${what}: y`).toBeLessThan(1);
  }
}

function littleEndian(value: number, byteLength: number): number[] {
  return Array.from({ length: byteLength }, (_, index) => (value >> (8 * index)) & 0xff);
}

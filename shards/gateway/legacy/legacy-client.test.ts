// The ancestor's client against a real shard, over real sockets.
import { describe, expect, test } from "bun:test";
import { openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import { CLOSE, FRAME_BYTES_MAX } from "#shared/net/protocol.ts";
import { until } from "#shared/testing/until.ts";
import { GameClient } from "../../testing/game-client.ts";
import { LegacyGameClient } from "../../testing/legacy-game-client.ts";
import { ShardFixture } from "../../testing/shard-fixture.ts";
import type { LegacyForm } from "./legacy-scene.ts";

const WIDE = { width: 1_600, height: 1_200 };
/** Whoever is this close is in a wide window, and this far beyond what a small one touches. */
const NEAR = { x: 800, y: 600 };
const FAR = 500;

interface Place {
  x: number;
  y: number;
}

/** A shard with a legacy door, and everyone who has come in through it. */
class LegacyHouse implements AsyncDisposable {
  readonly shard: ShardFixture;
  readonly #form: LegacyForm;
  readonly #clients: LegacyGameClient[] = [];

  private constructor(shard: ShardFixture, form: LegacyForm) {
    this.shard = shard;
    this.#form = form;
  }

  static async open(form: LegacyForm = "events", gateways = 0): Promise<LegacyHouse> {
    return new LegacyHouse(await ShardFixture.start({ legacyForm: form, gateways }), form);
  }

  get address(): string {
    return this.shard.address.replace(/game$/, "ws");
  }

  async join(): Promise<LegacyGameClient> {
    const client = await LegacyGameClient.join(this.address, this.#form);
    this.#clients.push(client);
    return client;
  }

  /** Lets guests come until one begins where it is wanted; where that is, chance decides. */
  async joinWhere(accept: (place: Place) => boolean): Promise<LegacyGameClient> {
    for (;;) {
      const client = await this.join();
      if (accept(placeOf(client))) return client;
    }
  }

  /** One who watches with a wide window, and one whom it sees. */
  async pair(): Promise<{ watcher: LegacyGameClient; actor: LegacyGameClient }> {
    const watcher = await this.join();
    watcher.viewport(WIDE.width, WIDE.height);
    const actor = await this.joinWhere((place) => isNear(place, placeOf(watcher)));
    await watcher.sees((players) => players.has(actor.own));
    return { watcher, actor };
  }

  async population(): Promise<number> {
    const response = await fetch(this.address.replace(/^ws(.*)ws$/, "http$1health"));
    const health: unknown = await response.json();
    return health !== null && typeof health === "object" && "players" in health
      ? Number(health.players)
      : Number.NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client[Symbol.dispose]();
    await this.shard[Symbol.asyncDispose]();
  }
}

function placeOf(client: LegacyGameClient): Place {
  const own = client.players.get(client.own);
  if (own === undefined) throw new Error("cannot find the own player in the last list");
  return own;
}

function isNear(one: Place, other: Place): boolean {
  return Math.abs(one.x - other.x) < NEAR.x && Math.abs(one.y - other.y) < NEAR.y;
}

function bytes(...values: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values);
}

describe("joining and leaving", () => {
  test.each<LegacyForm>(["events", "delta"])(
    "the own player heads the first list: %s",
    async (form) => {
      await using house = await LegacyHouse.open(form);
      await house.join();
      const client = await house.join();
      expect(client.players.get(client.own)).toMatchObject({
        vx: 0,
        vy: 0,
        facingRight: true,
        state: 0,
      });
      // The number is the player's own: its acknowledgement has it.
      const sequence = client.move(0, 0);
      expect(await client.next("ack")).toMatchObject({ id: client.own, sequence });
    },
  );

  test("whoever leaves is out of the world at once, and others are told", async () => {
    await using house = await LegacyHouse.open();
    const { watcher, actor } = await house.pair();
    const others = (await house.population()) - 1;
    actor[Symbol.dispose]();
    await watcher.next("left", ({ id }) => id === actor.own);
    // Long before the 30 s for which a session would wait.
    await until("one less", async () => (await house.population()) === others);
  });

  test("nothing of a guest is in the database", async () => {
    await using house = await LegacyHouse.open();
    const leaving = await house.join();
    await house.join();
    leaving[Symbol.dispose]();
    await until("one less", async () => (await house.population()) === 1);
    await house.shard.stop();
    const place = house.shard.databasePath;
    const database = await openDatabase({ place, schema, synchronous: "NORMAL" });
    const { playerStates, sessions, usedTickets } = schema;
    const kept = await Promise.all(
      [playerStates, sessions, usedTickets].map((table) => database.orm.select().from(table)),
    );
    await database.close();
    expect(kept).toEqual([[], [], []]);
  });

  test("a legacy and a modern client see each other", async () => {
    await using house = await LegacyHouse.open();
    const { shard } = house;
    using ann = await GameClient.join(shard.address, { ticket: await shard.ticket("ann") });
    ann.send({ case: "viewport", value: WIDE });
    const { x = 0, y = 0 } =
      (await ann.next("tick", ({ ack }) => ack !== undefined)).ack?.self.value ?? {};
    const guest = await house.joinWhere((place) => isNear(place, { x: x / 10, y: y / 10 }));
    guest.viewport(WIDE.width, WIDE.height);
    await ann.sees((players) => players.get(guest.own)?.name.startsWith("Guest ") === true);
    await guest.sees((players) => players.has(ann.entity));
    ann.move(0, 1);
    expect(await guest.next("movement", ({ id }) => id === ann.entity)).toMatchObject({
      dx: 0,
      dy: 1,
    });
  });

  test("a shard that stops says so", async () => {
    await using house = await LegacyHouse.open();
    const client = await house.join();
    await house.shard.stop();
    expect(await client.ended).toMatchObject({ code: CLOSE.stopping });
  });
});

describe("MOVE", () => {
  test.each([
    ["6 bytes", undefined],
    ["14 bytes, with a place that nobody believes", { x: 60_000, y: 60_000 }],
  ])("of %s is acknowledged with its number and the shard's place", async (_, hint) => {
    await using house = await LegacyHouse.open();
    const client = await house.join();
    const start = placeOf(client);
    const going = client.move(1, 0, hint);
    const first = await client.next("ack");
    const standing = client.move(0, 0, hint);
    const second = await client.next("ack");
    expect([first.sequence, second.sequence]).toEqual([going, standing]);
    // Everyone begins in the middle, and this takes a few ticks: no edge is near.
    expect(first.x).toBeGreaterThan(start.x);
    expect(second.x).toBeGreaterThanOrEqual(first.x);
    expect(second.x).toBeLessThan(start.x + 400);
    expect([first.y, second.y]).toEqual([start.y, start.y]);
  });

  test("each of several at once is acknowledged, in order", async () => {
    await using house = await LegacyHouse.open();
    const client = await house.join();
    const sent = [client.move(1, 0), client.move(0, 1), client.move(-1, 0), client.move(0, 0)];
    for (const sequence of sent) {
      expect(await client.next("ack")).toMatchObject({ sequence });
    }
  });

  test("what comes before the player is in the world waits for it", async () => {
    await using house = await LegacyHouse.open();
    using client = new LegacyGameClient(house.address);
    await client.opened;
    client.viewport(64, 64);
    const sequence = client.move(0, 1);
    expect(await client.next("ack")).toMatchObject({ sequence });
  });

  test("two steps at once end the connection before anyone hears of them", async () => {
    await using house = await LegacyHouse.open();
    const { watcher, actor } = await house.pair();
    actor.sendRaw(bytes(3, 0b0111, 1, 0, 0, 0));
    expect(await actor.ended).toEqual({
      code: CLOSE.undecodable,
      reason: "cannot read MOVE: direction 7 is not (dx+1) | (dy+1)<<2 with -1, 0 or 1",
    });
    await watcher.next("left", ({ id }) => id === actor.own);
    expect(watcher.heardOf(actor.own)).toEqual(["joined", "left"]);
  });
});

describe("what a player does is told to those who see it", () => {
  test("as events", async () => {
    await using house = await LegacyHouse.open("events");
    const { watcher, actor } = await house.pair();
    const isActor = ({ id }: { id: number }) => id === actor.own;
    actor.move(-1, 0);
    expect(await watcher.next("movement", isActor)).toMatchObject({ dx: -1, dy: 0 });
    expect(await watcher.next("direction", isActor)).toMatchObject({ right: false });
    actor.move(0, 0);
    expect(await watcher.next("movement", isActor)).toMatchObject({ dx: 0, dy: 0 });
    actor.sendRaw(bytes(4, 1));
    expect(await watcher.next("direction", isActor)).toMatchObject({ right: true });
    actor.sendRaw(bytes(5, 0, 0, 0, 0, 0, 0, 0, 0));
    actor.sendRaw(bytes(6));
    const attack = await watcher.next("attack", isActor);
    actor.move(0, 0);
    const { x, y } = await actor.next("ack", ({ sequence }) => sequence === 3);
    expect(attack).toMatchObject({ x, y });
  });

  test("as records in numbered lists, from gateway threads too", async () => {
    await using house = await LegacyHouse.open("delta", 2);
    const { watcher, actor } = await house.pair();
    const looks = (wanted: object) =>
      watcher.sees((players) => Bun.deepMatch(wanted, players.get(actor.own) ?? {}));
    actor.move(-1, 1);
    await looks({ vx: -1, vy: 1, facingRight: false, state: 1 });
    const sequence = actor.move(0, 0);
    const { x, y } = await actor.next("ack", (ack) => ack.sequence === sequence);
    await looks({ x, y, vx: 0, vy: 0, facingRight: false, state: 0 });
    actor.sendRaw(bytes(4, 1));
    await looks({ facingRight: true });
    actor.sendRaw(bytes(5));
    await looks({ state: 2 });
    await looks({ x, y, state: 0 });
    expect(watcher.heardOf(actor.own)).not.toContain("movement");
  });
});

test("VIEWPORT decides who is told of", async () => {
  await using house = await LegacyHouse.open();
  const watcher = await house.join();
  const here = placeOf(watcher);
  const far = await house.joinWhere((place) => {
    const isFar = Math.abs(place.x - here.x) > FAR || Math.abs(place.y - here.y) > FAR;
    return isFar && isNear(place, here);
  });
  watcher.viewport(64, 64);
  await watcher.sees((players) => !players.has(far.own));
  watcher.viewport(WIDE.width, WIDE.height);
  expect(
    (await watcher.next("joined", ({ player }) => player.id === far.own)).player,
  ).toMatchObject(placeOf(far));
  watcher.viewport(64, 64);
  await watcher.next("left", ({ id }) => id === far.own);
});

describe("a connection that misbehaves is closed", () => {
  const cases: [string, Uint8Array<ArrayBuffer> | string, number, string][] = [
    ["text", "hello", CLOSE.text, "cannot read text"],
    ["an unknown message", bytes(99), CLOSE.undecodable, "there is no message 99"],
    ["an empty message", bytes(), CLOSE.undecodable, "it is empty"],
    ["a frame of /game", bytes(0x12, 0), CLOSE.undecodable, "there is no message 18"],
    ["a MOVE cut short", bytes(3, 5, 0), CLOSE.undecodable, "its length is 3"],
    ["a long message", new Uint8Array(FRAME_BYTES_MAX + 1), CLOSE.tooLong, ""],
  ];
  test.each(cases)("%s", async (_, data, code, text) => {
    await using house = await LegacyHouse.open();
    const client = await house.join();
    client.sendRaw(data);
    const ending = await client.ended;
    expect(ending.reason).toContain(text);
    expect(ending.code).toBe(code);
    await until("an empty world", async () => (await house.population()) === 0);
  });

  test("a flood", async () => {
    await using house = await LegacyHouse.open();
    const client = await house.join();
    for (let count = 0; count <= 60 * 5; count++) client.sendRaw(bytes(6));
    expect(await client.ended).toMatchObject({ code: CLOSE.flood });
  });
});

describe("the door", () => {
  const upgrade = { connection: "Upgrade", upgrade: "websocket" };

  async function knock(shard: ShardFixture, headers: Record<string, string> = {}): Promise<number> {
    const address = shard.address.replace(/^ws(.*)game$/, "http$1ws");
    return (await fetch(address, { headers })).status;
  }

  test("is not there when the legacy wire is off", async () => {
    await using shard = await ShardFixture.start({ legacyForm: undefined });
    expect(await knock(shard)).toBe(404);
    expect(await knock(shard, upgrade)).toBe(404);
  });

  test("is for WebSockets, of pages that may, and for so many of an address", async () => {
    await using shard = await ShardFixture.start({
      legacyForm: "events",
      connectionsPerAddressMax: 1,
    });
    expect(await knock(shard)).toBe(426);
    expect(await knock(shard, { ...upgrade, origin: "https://evil.example.com" })).toBe(403);
    using _held = await LegacyGameClient.join(shard.address.replace(/game$/, "ws"));
    expect(await knock(shard, upgrade)).toBe(429);
  });
});

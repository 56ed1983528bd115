import { describe, expect, test } from "bun:test";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import type { ShardStore } from "./shard-store.ts";
import {
  actionId,
  DATABASE_ID,
  failureOf,
  recordOf,
  recordsOf,
  StoreFixture,
} from "./store.fixture.ts";

const bytes = (...values: number[]) => new Uint8Array(values);
const nothing = { tickets: [], told: [] };

async function commit(store: ShardStore, ...records: ReturnType<typeof recordsOf>): Promise<void> {
  await store.write({ ...nothing, records });
}

test("a record covers the one before it, its epoch and the state's hash", async () => {
  await using fixture = new StoreFixture();
  const store = await fixture.open(7);
  await commit(store, recordOf(1), recordOf(2, { stateHash: "0123456789abcdef" }));
  await commit(store, recordOf(3));
  const rows = await fixture.query("SELECT tick, epoch, state_hash, checksum FROM journal");
  expect(rows.map((row) => row.slice(0, 3))).toEqual([
    [1, 7, null],
    [2, 7, "0123456789abcdef"],
    [3, 7, null],
  ]);
  expect(new Set(rows.map((row) => row[3])).size).toBe(3);
  expect(await fixture.query("SELECT epoch, tick, checksum FROM progress")).toEqual([
    [7, 3, rows[2]?.[3]],
  ]);
});

test("what lasts is in its tick's transaction, of which all or nothing is there", async () => {
  await using fixture = new StoreFixture();
  const store = await fixture.open();
  const lasting = {
    departed: [{ playerId: "ann", state: bytes(1) }],
    sessions: [{ playerId: "bob", tokenHash: "hash" }],
    answers: [{ playerId: "bob", actionId: actionId(1), answer: bytes(2) }],
    outbox: [{ id: "message", topic: "players", message: bytes(3) }],
  };
  // The tick after the next one is out of order: nothing of the next one may stay.
  await failureOf(commit(store, recordOf(1, lasting), recordOf(3)));
  expect(store.tick).toBe(0);
  const tables = ["journal", "player_states", "sessions", "answers", "outbox"];
  const count = `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table})`).join()}`;
  expect(await fixture.query(count)).toEqual([[0, 0, 0, 0, 0]]);
  await commit(await fixture.open(), recordOf(1, lasting));
  expect(await fixture.query(count)).toEqual([[1, 1, 1, 1, 1]]);
});

describe("fencing", () => {
  test("the epoch that wrote is known to the next owner; a lower one is refused", async () => {
    await using fixture = new StoreFixture();
    const store = await fixture.open(3);
    await commit(store, recordOf(1), recordOf(2));
    await store.saveSnapshot(2, await Bun.zstdCompress(bytes(2)));
    const next = await fixture.open(0);
    expect((await next.recover()).database).toEqual({ id: DATABASE_ID, epoch: 3, tick: 2 });
    const error = await failureOf(next.own(2));
    expect(error.message).toContain("a later owner has written to it; let that one serve");
  });

  test("an owner that was overtaken writes nothing more, in any table", async () => {
    await using fixture = new StoreFixture();
    const outbox = [{ id: "message", topic: "players", message: bytes(3) }];
    await commit(await fixture.open(3), recordOf(1, { outbox }));
    await fixture.tamper("UPDATE progress SET epoch = 9");
    const stale = await fixture.open(0);
    const ticket = { id: "ticket", expiresMs: 9e15 };
    const failures = [
      await failureOf(commit(stale, recordOf(2))),
      await failureOf(stale.saveSnapshot(1, bytes(1))),
      await failureOf(stale.write({ records: [], tickets: [ticket], told: [] })),
      await failureOf(stale.write({ records: [], tickets: [], told: ["message"] })),
    ];
    for (const error of failures) {
      expect(error).toMatchObject({ kind: "fatal" });
      expect(error.message).toContain("a later owner has written to it; let that one serve");
    }
    expect(await fixture.query("SELECT tick FROM journal")).toEqual([[1]]);
    expect(await fixture.query("SELECT * FROM used_tickets")).toEqual([]);
    expect(await fixture.query("SELECT id FROM outbox")).toEqual([["message"]]);
  });

  test("the database itself refuses what is out of order or of a lower epoch", async () => {
    await using fixture = new StoreFixture();
    await commit(await fixture.open(5), recordOf(1));
    const insert = (tick: number, epoch: number) =>
      `INSERT INTO journal VALUES (${tick}, ${epoch}, NULL, 1, x'')`;
    const cases: [string, string][] = [
      [insert(2, 4), "fenced: a later owner"],
      [insert(3, 5), "out of order: a record"],
      [insert(1, 5), "out of order: a record"],
      ["INSERT INTO snapshots VALUES (1, 4, 1, 1, 1, x'')", "fenced: a later owner"],
      ["INSERT INTO snapshots VALUES (2, 5, 1, 1, 1, x'')", "out of order: a snapshot"],
      ["UPDATE progress SET epoch = 4", "fenced: a later owner"],
    ];
    for (const [statement, text] of cases) {
      expect((await failureOf(fixture.tamper(statement))).message).toContain(text);
    }
  });
});

test("a database of another shard or world is refused, unchanged", async () => {
  await using fixture = new StoreFixture();
  await fixture.open();
  const shard = await failureOf(fixture.open(1, { shardKey: "arena:2:eu-west-1" }));
  expect(shard.message).toContain(
    "its shard_key is arena:1:eu-west-1, this shard's is arena:2:eu-west-1",
  );
  expect(await failureOf(fixture.open(1, { world: "blocks" }))).toMatchObject({
    reason: "foreign",
  });
  await fixture.open();
});

test("a database of a newer version is refused, unchanged", async () => {
  await using fixture = new StoreFixture();
  await commit(await fixture.open(), recordOf(1));
  await fixture.tamper("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('new', 9e12)");
  const error = await failureOf(fixture.open());
  expect(error).toMatchObject({ reason: "newer" });
  expect(error.message).toContain(
    "Run that version, or put a backup made by this one in its place",
  );
  expect(await fixture.query("SELECT tick FROM journal")).toEqual([[1]]);
});

describe("players", () => {
  test("a ticket is fresh once; a player's last state is found", async () => {
    await using fixture = new StoreFixture();
    const store = await fixture.open();
    const ticket = { id: "t", expiresMs: 9e15 };
    const load = () => store.load({ connection: 1, playerId: "ann", ticket }, true);
    expect(await load()).toMatchObject({ ticketFresh: true, state: undefined, answers: [] });
    const departed = (state: Uint8Array) => [{ playerId: "ann", state }];
    const records = [
      recordOf(1, { departed: departed(bytes(1)) }),
      recordOf(2, { departed: departed(bytes(2)) }),
    ];
    expect(await store.write({ records, tickets: [ticket, ticket], told: [] })).toEqual([
      true,
      false,
    ]);
    expect(await store.write({ records: [], tickets: [ticket], told: [] })).toEqual([false]);
    expect([...((await load()).state ?? [])]).toEqual([2]);
  });

  test("resume tokens are kept until their session ends", async () => {
    await using fixture = new StoreFixture();
    const store = await fixture.open();
    await store.saveSnapshot(0, await Bun.zstdCompress(bytes(0)));
    const session = (tokenHash: string | undefined) => [{ playerId: "ann", tokenHash }];
    await commit(store, recordOf(1, { sessions: session("a") }));
    await commit(store, recordOf(2, { sessions: session("b") }));
    expect([...(await store.readLasting()).sessions]).toEqual([["ann", "b"]]);
    await commit(store, recordOf(3, { sessions: session(undefined) }));
    expect([...(await store.readLasting()).sessions]).toEqual([]);
  });

  test("the first answer to an action stays; the latest 64 are found in order", async () => {
    await using fixture = new StoreFixture();
    const store = await fixture.open();
    const answer = (value: number, action = value) => ({
      playerId: "ann",
      actionId: actionId(action),
      answer: bytes(value),
    });
    await store.saveSnapshot(0, await Bun.zstdCompress(bytes(0)));
    const sessions = [{ playerId: "ann", tokenHash: "hash" }];
    const ticks = Array.from({ length: 70 }, (_, index) =>
      recordOf(index + 1, { answers: [answer(index)] }),
    );
    await commit(store, ...ticks);
    await commit(store, recordOf(71, { answers: [answer(99, 69)], sessions }));
    const { answers } = await store.load(
      { connection: 1, playerId: "ann", ticket: undefined },
      true,
    );
    expect(answers.map((one) => one.answer[0])).toEqual(
      Array.from({ length: 64 }, (_, i) => i + 6),
    );
    expect(await fixture.query("SELECT count(*) FROM answers")).toEqual([[64]]);
  });

  test("answers are forgotten after an hour", async () => {
    await using fixture = new StoreFixture();
    const store = await fixture.open(1, { tickRate: 1 });
    const answers = [{ playerId: "ann", actionId: actionId(1), answer: bytes(1) }];
    await commit(store, recordOf(1, { answers }), ...recordsOf(2, 3_602));
    await store.saveSnapshot(3_601, bytes(1));
    expect(
      await store.load({ connection: 1, playerId: "ann", ticket: undefined }, true),
    ).toMatchObject({ answers: [{ playerId: "ann" }] });
    await store.saveSnapshot(3_602, bytes(1));
    expect(await fixture.query("SELECT * FROM answers")).toEqual([]);
  });
});

test("messages are told in their order, and gone once they were", async () => {
  await using fixture = new StoreFixture();
  const store = await fixture.open();
  const message = (id: string) => ({ id, topic: "players", message: bytes(1, 2) });
  await commit(store, recordOf(1, { outbox: [message("b"), message("a")] }));
  await commit(store, recordOf(2, { outbox: [message("c")] }));
  expect(await store.readOutbox(2)).toEqual([message("b"), message("a")]);
  await store.write({ records: [recordOf(3)], tickets: [], told: ["b", "a"] });
  expect(await store.readOutbox(2)).toEqual([message("c")]);
});

test("three snapshots are kept, and the journal behind the oldest goes bit by bit", async () => {
  await using fixture = new StoreFixture();
  const store = await fixture.open();
  for (let tick = 0; tick <= 50; tick += 10) {
    if (tick > 0) await commit(store, ...recordsOf(tick - 9, tick));
    await store.saveSnapshot(tick, bytes(tick));
  }
  for (let tick = 51; tick <= 55; tick++) await commit(store, recordOf(tick));
  const ticks = async (table: string) =>
    (await fixture.query(`SELECT tick FROM ${table}`)).map(([tick]) => tick);
  expect(await ticks("snapshots")).toEqual([30, 40, 50]);
  expect(await ticks("journal")).toEqual(Array.from({ length: 26 }, (_, i) => i + 30));
});

test("a folder that cannot be written is refused with the fix", async () => {
  await using fixture = new StoreFixture();
  using folder = createTempDir();
  await Bun.write(`${folder.path}/file`, "");
  const error = await failureOf(fixture.open(1, { path: `${folder.path}/file/shard.db` }));
  expect(error.message).toContain("check that the folder exists and is writable");
});

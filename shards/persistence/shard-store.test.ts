import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { DatabaseError, openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { ShardStore } from "./shard-store.ts";

const folder = mkdtempSync(join(tmpdir(), "tessera-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newPath = () => join(folder, `${++files}.db`);
const clock = new FakeClock();
const open = (path: string, shardKey = "arena:1:eu-west-1", world = "arena") =>
  ShardStore.open({ path, shardKey, world, clock });
const bytes = (...values: number[]) => new Uint8Array(values);
const record = (tick: number) => ({
  tick,
  inputs: bytes(tick),
  departed: [],
  sessions: [],
  answers: [],
  outbox: [],
  stateHash: undefined,
});

async function failureOf(promise: Promise<unknown>): Promise<DatabaseError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DatabaseError) return error;
  throw new Error(`expected a DatabaseError, got ${String(error)}`);
}

/** Runs `change` on the closed database file. */
async function tamper(
  path: string,
  change: (orm: Awaited<ReturnType<typeof openRaw>>["orm"]) => Promise<unknown>,
): Promise<void> {
  await using database = await openRaw(path);
  await change(database.orm);
}
const openRaw = (path: string) => openDatabase({ place: path, schema });

describe("recovery", () => {
  test("a new database has nothing", async () => {
    const store = await open(newPath());
    expect(await store.recover()).toMatchObject({ snapshot: undefined, journal: [], warnings: [] });
    await store.close();
  });

  test("gives the newest snapshot and the ticks after it", async () => {
    const path = newPath();
    const store = await open(path);
    await store.saveSnapshot(0, bytes(0));
    await store.commit([record(1), record(2)]);
    await store.saveSnapshot(2, bytes(2, 2));
    await store.commit([record(3), record(4)]);
    await store.close();
    const again = await open(path);
    const recovery = await again.recover();
    expect([...(recovery.snapshot ?? [])]).toEqual([2, 2]);
    expect(recovery.journal.map(({ tick, inputs }) => [tick, inputs[0]])).toEqual([
      [3, 3],
      [4, 4],
    ]);
    await again.close();
  });

  test("keeps three snapshots and the journal behind the oldest", async () => {
    const path = newPath();
    const store = await open(path);
    for (let tick = 0; tick <= 50; tick += 10) {
      if (tick > 0) {
        await store.commit(Array.from({ length: 10 }, (_, index) => record(tick - 9 + index)));
      }
      await store.saveSnapshot(tick, bytes(tick));
    }
    await store.close();
    await using database = await openRaw(path);
    const snapshots = await database.orm.select().from(schema.snapshots);
    const journal = await database.orm.select().from(schema.journal);
    expect(snapshots.map(({ tick }) => tick)).toEqual([30, 40, 50]);
    expect(journal.map(({ tick }) => tick)).toEqual(Array.from({ length: 20 }, (_, i) => i + 31));
  });

  test("falls back from a damaged snapshot to the one before, and says so", async () => {
    const path = newPath();
    const store = await open(path);
    await store.saveSnapshot(0, bytes(0));
    await store.commit([record(1)]);
    await store.saveSnapshot(1, bytes(1));
    await store.close();
    await tamper(path, (orm) =>
      orm.update(schema.snapshots).set({ checksum: 1 }).where(eq(schema.snapshots.tick, 1)),
    );
    const again = await open(path);
    const recovery = await again.recover();
    expect(recovery.warnings).toEqual([
      "snapshot of tick 1 is damaged, falling back to an older one",
    ]);
    expect(recovery.journal).toHaveLength(1);
    await again.close();
  });

  const damages: [string, string, Parameters<typeof tamper>[1]][] = [
    [
      "a missing tick",
      "lacks tick 2",
      (orm) => orm.delete(schema.journal).where(eq(schema.journal.tick, 2)),
    ],
    [
      "a damaged tick",
      "tick 2 is damaged",
      (orm) =>
        orm
          .update(schema.journal)
          .set({ inputs: Buffer.from("x") })
          .where(eq(schema.journal.tick, 2)),
    ],
    [
      "no readable snapshot",
      "none of its snapshots",
      (orm) => orm.update(schema.snapshots).set({ checksum: 1 }),
    ],
  ];
  test.each(damages)("%s is refused with the path and the way out", async (_, text, change) => {
    const path = newPath();
    const store = await open(path);
    await store.saveSnapshot(0, bytes(0));
    await store.commit([record(1), record(2), record(3)]);
    await store.close();
    await tamper(path, change);
    const again = await open(path);
    const error = await failureOf(again.recover());
    expect(error.message).toContain(text);
    expect(error.message).toContain(path);
    expect(error.message).toContain("Put a backup in its place");
    await again.close();
  });
});

test("a database of another shard or world is refused, unchanged", async () => {
  const path = newPath();
  await (await open(path)).close();
  expect((await failureOf(open(path, "arena:2:eu-west-1"))).message).toContain(
    "its shard_key is arena:1:eu-west-1, this shard's is arena:2:eu-west-1",
  );
  expect((await failureOf(open(path, "arena:1:eu-west-1", "blocks"))).reason).toBe("foreign");
  await (await open(path)).close();
});

test("a ticket is fresh once; a player's last state is found", async () => {
  const store = await open(newPath());
  const load = { connection: 1, playerId: "ann", ticket: { id: "t", expiresMs: 9e15 } };
  expect(await store.load(load)).toMatchObject({ ticketFresh: true, state: undefined });
  const departed = (state: Uint8Array) => [{ playerId: "ann", state }];
  await store.commit([
    { ...record(1), departed: departed(bytes(1)) },
    { ...record(2), departed: departed(bytes(2)) },
  ]);
  const again = await store.load(load);
  expect(again.ticketFresh).toBe(false);
  expect([...(again.state ?? [])]).toEqual([2]);
  await store.close();
});

test("resume tokens are kept until their session ends", async () => {
  const path = newPath();
  const store = await open(path);
  const session = (tokenHash: string | undefined) => [{ playerId: "ann", tokenHash }];
  await store.commit([{ ...record(1), sessions: session("a") }]);
  await store.commit([{ ...record(2), sessions: session("b") }]);
  expect([...(await store.recover()).sessions]).toEqual([["ann", "b"]]);
  await store.commit([{ ...record(3), sessions: session(undefined) }]);
  expect((await store.recover()).sessions.size).toBe(0);
  await store.close();
});

test("whose epoch wrote is known to the next one; a lower one is refused", async () => {
  const path = newPath();
  const store = await open(path);
  const { database } = await store.recover();
  expect(database).toMatchObject({ epoch: 0, tick: 0 });
  await store.own(3);
  await store.commit([record(1), record(2)]);
  await store.close();
  const next = await open(path);
  expect((await next.recover()).database).toEqual({ id: database.id, epoch: 3, tick: 2 });
  expect((await failureOf(next.own(2))).message).toContain("a later owner has written to it");
  await next.close();
});

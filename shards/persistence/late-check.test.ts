// A large database: what a start does not need is looked at while the shard serves.
import { expect, test } from "bun:test";
import { SMALL_ROWS_MAX } from "./late-check.ts";
import type { ShardStore } from "./shard-store.ts";
import { actionId, failureOf, recordOf, StoreFixture } from "./store.fixture.ts";

const LAST = "player-last";

/** More rows than are looked at before the first tick. */
async function filled(): Promise<StoreFixture> {
  const fixture = new StoreFixture();
  const store = await fixture.open();
  const state = new Uint8Array(8);
  const departed = Array.from({ length: SMALL_ROWS_MAX }, (_, index) => {
    return { playerId: `player-${index}`, state };
  });
  const last = { playerId: LAST, state };
  const answers = [{ playerId: LAST, actionId: actionId(1), answer: state }];
  const sessions = [{ playerId: LAST, tokenHash: "hash" }];
  const record = recordOf(1, { departed: [...departed, last], answers, sessions });
  await store.write({ records: [record], tickets: [], told: [] });
  return fixture;
}

/** As a start does it, before the shard is owned. */
async function start(fixture: StoreFixture): Promise<ShardStore> {
  const store = await fixture.open(0);
  await store.readLasting();
  await store.verify();
  await store.own(1);
  return store;
}

async function checkAll(store: ShardStore): Promise<number> {
  let pages = 1;
  while (await store.checkOn()) pages += 1;
  return pages;
}

test("a start does not wait for it, and nothing is found where nothing is wrong", async () => {
  await using fixture = await filled();
  const store = await start(fixture);
  // Other rows come and go meanwhile.
  const departed = [{ playerId: "player-0", state: new Uint8Array(9) }];
  await store.checkOn();
  const answers = [{ playerId: LAST, actionId: actionId(2), answer: new Uint8Array(1) }];
  const record = recordOf(2, { departed, answers });
  await store.write({ records: [record], tickets: [{ id: "t", expiresMs: 1 }], told: [] });
  expect(await checkAll(store)).toBeGreaterThan(2 * (SMALL_ROWS_MAX / 250));
});

test("a damaged row is named", async () => {
  await using fixture = await filled();
  const state = { sql: "UPDATE player_states SET state = x'01' WHERE player_id = ?", args: [LAST] };
  await fixture.damage(state);
  const error = await failureOf(checkAll(await start(fixture)));
  expect(error).toMatchObject({ name: "StorageError", kind: "fatal" });
  expect(error.message).toContain(`what it keeps of player ${LAST} is damaged; put a backup`);
});

test("a damaged answer is named", async () => {
  await using fixture = await filled();
  await fixture.damage({ sql: "UPDATE answers SET answer = x'01'", args: [] });
  const error = await failureOf(checkAll(await start(fixture)));
  expect(error.message).toContain(`what it keeps of player ${LAST} is damaged; put a backup`);
});

test("a row that an index does not lead to is found", async () => {
  await using fixture = await filled();
  await fixture.close();
  // The key stands in the rows and in their indexes; one of these is changed.
  const bytes = Buffer.from(await Bun.file(fixture.path).bytes());
  for (let at = bytes.indexOf(LAST); at !== -1; at = bytes.indexOf(LAST, at + 1)) {
    const one = Buffer.from(bytes);
    one.write("player-lost", at);
    await Bun.write(fixture.path, one);
    const error = await failureOf(start(fixture).then(checkAll));
    expect(error.message).toMatch(/is not found by an index|player player-lost/);
  }
});

test.each(["player_states", "answers"])(
  "a lost row of %s is found before the start",
  async (table) => {
    await using fixture = await filled();
    await fixture.damage({ sql: `DELETE FROM ${table} WHERE player_id = ?`, args: [LAST] });
    const store = await fixture.open(0);
    const error = await failureOf(store.readLasting());
    expect(error).toMatchObject({ name: "DatabaseError", reason: "damaged" });
    expect(error.message).toContain(`its table ${table} lacks rows`);
  },
);

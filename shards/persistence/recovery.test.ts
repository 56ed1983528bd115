import { describe, expect, test } from "bun:test";
import type { Statement } from "#shared/infra/db/database.ts";
import { createRandom } from "#shared/sim/index.ts";
import { actionId, failureOf, recordOf, recordsOf, StoreFixture } from "./store.fixture.ts";

const pack = (value: number) => Bun.zstdCompress(new Uint8Array([value, value]));

/** Snapshots of 0, 10 and 20, the journal to 23, and something in every other table. */
async function filled(): Promise<StoreFixture> {
  const fixture = new StoreFixture();
  const store = await fixture.open();
  const playerId = "ann";
  const lasting = {
    departed: [{ playerId: "bob", state: new Uint8Array([7]) }],
    sessions: [{ playerId, tokenHash: "hash" }],
    answers: [{ playerId, actionId: actionId(3), answer: new Uint8Array([9]) }],
    outbox: [{ id: "message", topic: "players", message: new Uint8Array([5]) }],
    stateHash: "00000000000000aa",
  };
  await store.saveSnapshot(0, await pack(0));
  for (const tick of [10, 20]) {
    const last = recordOf(tick, lasting);
    const records = [...recordsOf(tick - 9, tick - 1), last];
    await store.write({ records, tickets: [], told: [] });
    await store.saveSnapshot(tick, await pack(tick));
  }
  const records = [recordOf(21), recordOf(22, { stateHash: "00000000000000bb" }), recordOf(23)];
  await store.write({ records, tickets: [{ id: "ticket", expiresMs: 9e15 }], told: [] });
  return fixture;
}

async function recover(fixture: StoreFixture, request = {}) {
  const store = await fixture.open(0);
  const recovery = await store.recover(request);
  return { ...recovery, ...(await store.readLasting()) };
}

describe("a shard starts from", () => {
  test("nothing, in a new database", async () => {
    await using fixture = new StoreFixture();
    expect(await recover(fixture)).toMatchObject({
      tick: 0,
      snapshot: undefined,
      journal: [],
      warnings: [],
    });
  });

  test("the newest snapshot and the ticks after it, up to the last committed one", async () => {
    await using fixture = await filled();
    const recovery = await recover(fixture);
    expect(recovery).toMatchObject({ tick: 23, warnings: [] });
    expect(recovery.snapshot).toEqual({
      tick: 20,
      state: new Uint8Array([20, 20]),
      stateHash: "00000000000000aa",
    });
    expect(recovery.journal).toEqual([
      { tick: 21, inputs: new Uint8Array([21]), stateHash: undefined },
      { tick: 22, inputs: new Uint8Array([22]), stateHash: "00000000000000bb" },
      { tick: 23, inputs: new Uint8Array([23]), stateHash: undefined },
    ]);
    expect([...recovery.sessions]).toEqual([["ann", "hash"]]);
  });

  test("an earlier tick, when it is asked for", async () => {
    await using fixture = await filled();
    const recovery = await recover(fixture, { atTick: 12 });
    expect(recovery.snapshot?.tick).toBe(10);
    expect(recovery.journal.map(({ tick }) => tick)).toEqual([11, 12]);
  });

  test("not from a tick that is not held: the range is named", async () => {
    await using fixture = await filled();
    for (const atTick of [24, 1_000]) {
      const error = await failureOf(recover(fixture, { atTick }));
      expect(error.message).toBe(`cannot open tick ${atTick}: the database holds ticks 0 to 23`);
    }
  });

  test("not from a tick before the oldest snapshot, where the journal begins", async () => {
    await using fixture = await filled();
    await fixture.tamper(
      "DELETE FROM snapshots WHERE tick = 0",
      "DELETE FROM journal WHERE tick < 9",
    );
    const error = await failureOf(recover(fixture, { atTick: 9 }));
    expect(error.message).toBe("cannot open tick 9: the database holds ticks 10 to 23");
  });

  test("an earlier snapshot, when the later one did not lead to the state that was", async () => {
    await using fixture = await filled();
    const recovery = await recover(fixture, { snapshotBefore: 20 });
    expect(recovery.snapshot?.tick).toBe(10);
    expect(recovery.journal.map(({ tick }) => tick)).toEqual([
      11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
    ]);
  });
});

const swap = (table: string, column: string, [first, second]: readonly [number, number]) => [
  `CREATE TEMP TABLE other AS SELECT ${column} AS value FROM ${table} WHERE tick = ${first}`,
  `UPDATE ${table} SET ${column} = (SELECT ${column} FROM ${table} WHERE tick = ${second})
   WHERE tick = ${first}`,
  `UPDATE ${table} SET ${column} = (SELECT value FROM other) WHERE tick = ${second}`,
];

describe("a damaged part that is not needed is told and worked around", () => {
  const cases: [string, readonly Statement[], readonly string[], number][] = [
    [
      "the newest snapshot",
      ["UPDATE snapshots SET state = x'00' WHERE tick = 20"],
      ["the snapshot of tick 20 is damaged", "the shard starts from the snapshot of tick 10"],
      10,
    ],
    [
      "an older snapshot",
      ["UPDATE snapshots SET saved_at_ms = 1 WHERE tick = 10"],
      ["the snapshot of tick 10 is damaged", "the shard starts from the snapshot of tick 20"],
      20,
    ],
    [
      "a record behind the newest snapshot",
      ["UPDATE journal SET inputs = x'01ff' WHERE tick = 15"],
      ["the journal's tick 15 is damaged; nothing needs it now, since a later snapshot is whole"],
      20,
    ],
    [
      "the record of the newest snapshot",
      ["DELETE FROM journal WHERE tick = 20"],
      ["the journal lacks tick 20; nothing needs it now, since a later snapshot is whole"],
      20,
    ],
    [
      "the first record",
      ["DELETE FROM journal WHERE tick = 1"],
      ["the journal lacks tick 1; nothing needs it now, since a later snapshot is whole"],
      20,
    ],
    [
      "a snapshot that is gone",
      ["DELETE FROM snapshots WHERE tick = 10"],
      [
        "its table snapshots has 2 rows and should have 3, or the sum of its rows is damaged",
        "the shard starts from the snapshot of tick 20",
      ],
      20,
    ],
    [
      "two snapshots that have changed places",
      swap("snapshots", "state", [10, 20]),
      [
        "the snapshot of tick 20 is damaged",
        "the snapshot of tick 10 is damaged",
        "the shard starts from the snapshot of tick 0",
      ],
      0,
    ],
  ];
  test.each(cases)("%s", async (_, statements, warnings, from) => {
    await using fixture = await filled();
    await fixture.damage(...statements);
    const recovery = await recover(fixture);
    expect(recovery.warnings).toEqual([...warnings]);
    expect(recovery.snapshot?.tick).toBe(from);
    expect(recovery.journal.at(-1)?.tick).toBe(23);
    expect(recovery.journal.length).toBe(23 - from);
  });
});

describe("damage that leaves no whole way is refused with the path and the way out", () => {
  const cases: [string, readonly Statement[], string][] = [
    [
      "a record's inputs",
      ["UPDATE journal SET inputs = x'01' WHERE tick = 22"],
      "tick 22 is damaged",
    ],
    [
      "a record's inputs, emptied",
      ["UPDATE journal SET inputs = x'' WHERE tick = 22"],
      "tick 22 is",
    ],
    ["a record's epoch", ["UPDATE journal SET epoch = 0 WHERE tick = 21"], "tick 21 is damaged"],
    [
      "a huge epoch",
      [`UPDATE journal SET epoch = ${2n ** 62n} WHERE tick = 21`],
      "tick 21 is damaged",
    ],
    [
      "a record's hash",
      ["UPDATE journal SET state_hash = NULL WHERE tick = 22"],
      "tick 22 is damaged",
    ],
    [
      "a record's checksum",
      ["UPDATE journal SET checksum = 1 WHERE tick = 21"],
      "tick 21 is damaged",
    ],
    ["a missing record", ["DELETE FROM journal WHERE tick = 21"], "the journal lacks tick 21"],
    ["a missing last record", ["DELETE FROM journal WHERE tick = 23"], "the journal lacks tick 23"],
    ["two records that changed places", swap("journal", "inputs", [21, 22]), "tick 21 is damaged"],
    ["the last record", ["UPDATE journal SET checksum = 1 WHERE tick = 23"], "tick 23 is damaged"],
    [
      "an end that is too early",
      ["UPDATE progress SET tick = 22"],
      "on to tick 23, beyond tick 22",
    ],
    ["an end that is too late", ["UPDATE progress SET tick = 24"], "the journal lacks tick 24"],
    ["an end before the snapshot", ["UPDATE progress SET tick = 5"], "beyond tick 5"],
    ["another end", ["UPDATE progress SET checksum = 1"], "tick 23 is damaged"],
    ["no end", ["DELETE FROM progress"], "does not tell how far its journal reaches"],
    ["no snapshot", ["DELETE FROM snapshots"], "none of its snapshots is readable"],
    ["damaged snapshots", ["UPDATE snapshots SET epoch = 9"], "none of its snapshots is readable"],
    ["a kept player", ["UPDATE player_states SET state = x'08'"], "keeps of player bob is damaged"],
    ["a kept player's name", ["UPDATE player_states SET player_id = 'eve'"], "of player eve"],
    ["an answer", ["UPDATE answers SET answer = x''"], "an answer to player ann is damaged"],
    ["an answer's action", ["UPDATE answers SET action_id = x'01'"], "an answer to player ann"],
    ["a message", ["UPDATE outbox SET topic = 'shards'"], "the message message of its outbox"],
    ["a session", ["UPDATE sessions SET token_hash = 'hush'"], "the session of player ann is"],
    ["a session's end", ["UPDATE sessions SET token_hash = NULL"], "the session of player ann is"],
    ["a used ticket", ["UPDATE used_tickets SET expires_at_ms = 0"], "the used ticket ticket is"],
    ["the owner's epoch", ["UPDATE progress SET epoch = 9"], "the epoch of its last owner is"],
    ["a lost session", ["DELETE FROM sessions"], "its table sessions has 0 rows and should have 1"],
    ["a lost answer", ["DELETE FROM answers"], "its table answers has 0 rows and should have 1"],
    ["a lost ticket", ["DELETE FROM used_tickets"], "its table used_tickets has 0 rows and"],
    ["a lost player", ["DELETE FROM player_states"], "its table player_states has 0 rows and"],
    ["a lost message", ["DELETE FROM outbox"], "its table outbox has 0 rows and should have 1"],
    [
      "an end that fits and is too early for what else there is",
      [
        "DELETE FROM journal WHERE tick > 19",
        "DELETE FROM snapshots WHERE tick > 19",
        `UPDATE progress SET tick = 19,
          checksum = (SELECT checksum FROM journal WHERE tick = 19)`,
      ],
      "is of tick 20, and the journal ends with 19",
    ],
    ["a text that is none", ["UPDATE answers SET player_id = CAST(x'ff' AS TEXT)"], "an answer to"],
    ["all facts", ["DELETE FROM shard_facts"], "its fact world is missing"],
    ["a lost fact", ["DELETE FROM shard_facts WHERE name = 'database_id'"], "shard_facts has 2"],
    [
      "a lost sum",
      ["DELETE FROM table_sums WHERE name = 'answers'"],
      "the sum of its table answers",
    ],
  ];
  test.each(cases)("%s", async (_, statements, text) => {
    await using fixture = await filled();
    await fixture.damage(...statements);
    const error = await failureOf(recover(fixture));
    expect(error).toMatchObject({ name: "DatabaseError", reason: "damaged" });
    expect(error.message).toContain(`cannot restore shard from ${fixture.path}: `);
    expect(error.message).toContain(text);
    expect(error.message).toContain("Put a backup in its place");
  });
});

test("a row of another time is found, though it is whole", async () => {
  await using fixture = await filled();
  const older = await fixture.query("SELECT * FROM player_states");
  const store = await fixture.open();
  const departed = [{ playerId: "bob", state: new Uint8Array([8]) }];
  await store.write({ records: [recordOf(24, { departed })], tickets: [], told: [] });
  const [, tick, checksum] = older[0] ?? [];
  await fixture.damage(
    `UPDATE player_states SET tick = ${tick}, checksum = ${checksum}, state = x'07'`,
  );
  const error = await failureOf(recover(fixture));
  expect(error.message).toContain("its table player_states has rows of another time");
});

describe("what SQLite itself does not find", () => {
  const cases: [string, string, string][] = [
    ["a trigger is gone", "DROP TRIGGER journal_epoch", "its trigger journal_epoch is missing"],
    ["an index is gone", "DROP INDEX answers_tick", "its index answers_tick is missing"],
    [
      "a trigger is another",
      `DROP TRIGGER journal_epoch; CREATE TRIGGER journal_epoch BEFORE INSERT ON journal
        WHEN NEW.epoch > 9 BEGIN SELECT 1; END`,
      "its trigger journal_epoch is not what it was",
    ],
    [
      "the list of migrations is shorter",
      "DELETE FROM __drizzle_migrations WHERE created_at = " +
        "(SELECT max(created_at) FROM __drizzle_migrations)",
      "it is not what the migrations before have made",
    ],
  ];
  test.each(cases)("%s", async (_, statements, text) => {
    await using fixture = await filled();
    await fixture.tamper(...statements.split(/; (?=CREATE)/));
    const error = await failureOf(recover(fixture));
    expect(error).toMatchObject({ name: "DatabaseError", reason: "damaged" });
    expect(error.message).toContain(text);
    expect(error.message).toContain("Put a backup in its place");
  });

  test("an index that does not lead to a row", async () => {
    await using fixture = await filled();
    await fixture.close();
    // The key stands in the row and in its index, which is the later page.
    const bytes = await Bun.file(fixture.path).bytes();
    const at = Buffer.from(bytes).lastIndexOf("bob");
    bytes.set(Buffer.from("bib"), at);
    await Bun.write(fixture.path, bytes);
    const store = await fixture.open(0);
    const error = await store.recover().then(
      () => failureOf(store.verify()),
      (cause) => cause,
    );
    expect(error).toMatchObject({ reason: "damaged" });
    expect(error.message).toMatch(/index|player bib/);
  });
});

describe("commits that are gone are told", () => {
  test("when the log is missing, cut off or damaged", async () => {
    const damages: ((log: Uint8Array) => Uint8Array)[] = [
      () => new Uint8Array(0),
      (log) => log.subarray(0, log.length - 5_000),
      (log) => log.with(log.length - 2_000, 0x55),
    ];
    for (const damage of damages) {
      await using fixture = await filled();
      const copy = async (suffix: string) => await Bun.file(`${fixture.path}${suffix}`).bytes();
      const [file, log, mark] = await Promise.all(["", "-wal", "-mark"].map(copy));
      await fixture.close();
      await Bun.write(fixture.path, file ?? "");
      await Bun.write(`${fixture.path}-wal`, damage(log ?? new Uint8Array(0)));
      await Bun.write(`${fixture.path}-mark`, mark ?? "");
      const told = await recover(fixture).then(
        ({ warnings }) => warnings[0],
        (error: Error) => error.message,
      );
      expect(told).toMatch(/ticks \d+ to 23 are lost: the -wal|it is empty, and tick 23 was in it/);
    }
  });

  test("not when all is there, also after an orderly end", async () => {
    await using fixture = await filled();
    expect((await recover(fixture)).warnings).toEqual([]);
  });

  test("an emptied file is no new world", async () => {
    await using fixture = await filled();
    await fixture.close();
    await Bun.write(fixture.path, "");
    const error = await failureOf(fixture.open());
    expect(error.message).toContain("it is empty, and tick 23 was in it");
    expect(await Bun.file(fixture.path).bytes()).toHaveLength(0);
  });

  test("a damaged note is told, and one of another database is not believed", async () => {
    await using fixture = await filled();
    await fixture.close();
    const mark = await Bun.file(`${fixture.path}-mark`).text();
    await Bun.write(`${fixture.path}-mark`, mark.replace(" 23 ", " 24 "));
    expect((await recover(fixture)).warnings[0]).toContain("shard.db-mark, is damaged");
    await using other = new StoreFixture();
    const store = await other.open(1, { makeId: () => "another" });
    await store.saveSnapshot(0, await pack(0));
    await other.close();
    await Bun.write(`${other.path}-mark`, mark);
    expect((await recover(other)).warnings).toEqual([]);
  });
});

test("a flipped bit in journal or snapshots is found, and no record is skipped", async () => {
  const seed = 4;
  const random = createRandom(seed);
  await using fixture = await filled();
  const whole = await recover(fixture);
  const columns = {
    journal: ["tick", "epoch", "checksum", "inputs", "state_hash"],
    snapshots: ["tick", "epoch", "saved_at_ms", "journal_checksum", "checksum", "state"],
  };
  await fixture.close();
  const original = await Bun.file(fixture.path).bytes();
  for (let round = 0; round < 100; round++) {
    const table = random.below(2) === 0 ? "journal" : "snapshots";
    const column = columns[table][random.below(columns[table].length)] ?? "tick";
    const ticks = await fixture.query(`SELECT tick FROM ${table}`);
    const tick = Number(ticks[random.below(ticks.length)]?.[0]);
    const [[value] = []] = await fixture.query(
      `SELECT ${column} FROM ${table} WHERE tick = ${tick}`,
    );
    const flipped = flip(value, random.uint32());
    const where = `seed ${seed}, round ${round}: ${table}.${column} of tick ${tick}`;
    await fixture.tamper({
      sql: `UPDATE ${table} SET ${column} = ? WHERE tick = ?`,
      args: [flipped, tick],
    });
    const found = await recover(fixture).catch((error: Error) => error);
    if (!(found instanceof Error)) {
      expect(found.warnings, where).not.toEqual([]);
      const inputs = (from: typeof whole) => from.journal.map((one) => one.inputs[0]);
      expect(inputs(found).slice(-3), where).toEqual(inputs(whole));
      expect(found.journal[0]?.tick, where).toBe((found.snapshot?.tick ?? 0) + 1);
      expect(found.journal.at(-1)?.tick, where).toBe(23);
    } else {
      expect(found, where).toMatchObject({ reason: "damaged" });
    }
    await fixture.close();
    await Bun.write(fixture.path, original);
  }
});

type Value = number | string | ArrayBuffer | null;

/** One bit of a value changed, and of its kind still. */
function flip(value: unknown, bit: number): Value {
  if (typeof value === "number") return Number(BigInt(value) ^ (1n << BigInt(bit % 40)));
  if (typeof value === "string") return value.replace(/^./, (first) => (first === "0" ? "1" : "0"));
  if (!(value instanceof ArrayBuffer)) return "00000000000000cc";
  const bytes = new Uint8Array(value.slice(0));
  const at = bit % (bytes.length * 8);
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
  return bytes.buffer;
}

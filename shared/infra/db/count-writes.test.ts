import { expect, test } from "bun:test";
import { openDatabase } from "./database.ts";

test("whatever may have written is counted, and questions are not", async () => {
  await using database = await openDatabase({ place: ":memory:", schema: {} });
  const { client, writes } = database;
  const before = writes();
  await client.execute("CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT");
  expect(writes()).toBe(before + 1);
  await client.batch(["INSERT INTO things VALUES (1)", "SELECT * FROM things"], "write");
  expect(writes()).toBe(before + 2);
  await client.execute({ sql: " select * from things where id = ?", args: [1] });
  await client.batch([["SELECT * FROM things", []], { sql: "SELECT 1", args: [] }], "read");
  expect(writes()).toBe(before + 2);
  await client.executeMultiple("SELECT 1; DELETE FROM things");
  expect(writes()).toBe(before + 3);
});

test("a write that failed counts: part of it may be there", async () => {
  await using database = await openDatabase({ place: ":memory:", schema: {} });
  const before = database.writes();
  await expect(database.client.execute("DELETE FROM absent")).rejects.toThrow("no such table");
  expect(database.writes()).toBe(before + 1);
});

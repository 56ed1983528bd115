import { expect, test } from "bun:test";
import { createClient } from "@libsql/client";
import { startSqld } from "#shared/testing/sqld.ts";
import { until } from "#shared/testing/until.ts";

test("a replica follows its primary; a kill takes nothing, a wipe takes all", async () => {
  await using sqld = await startSqld();
  const { primary, replica, token, readToken, wrongToken } = sqld;
  const connect = (url: string, authToken: string) => createClient({ url, authToken });
  const client = connect(primary.url, token);
  await client.batch(["CREATE TABLE t (n INTEGER) STRICT", "INSERT INTO t VALUES (7)"], "write");
  const read = () =>
    connect(replica.url, readToken)
      .execute("SELECT n FROM t")
      .then(
        ({ rows }) => rows.map((row) => row[0]),
        () => undefined,
      );
  expect(await until("the row at the replica", read)).toEqual([7]);
  const refused = connect(primary.url, wrongToken).execute("SELECT 1");
  await expect(refused).rejects.toThrow("401");
  await expect(connect(primary.url, readToken).execute("INSERT INTO t VALUES (8)")).rejects.toThrow(
    "403",
  );
  await primary.kill();
  await expect(client.execute("SELECT 1")).rejects.toThrow("ECONNREFUSED");
  await primary.restart();
  expect((await client.execute("SELECT n FROM t")).rows).toHaveLength(1);
  await primary.wipe();
  await primary.restart();
  await expect(client.execute("SELECT n FROM t")).rejects.toThrow("no such table");
});

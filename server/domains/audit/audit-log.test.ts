import { expect, test } from "bun:test";
import { createTestServer, type TestServer } from "../../testing/test-server.ts";
import { verifyAuditLog } from "./verify-audit-log.ts";

async function write(server: TestServer, count: number): Promise<void> {
  const { audit } = server.deps;
  const entry = { event: "player.banned", actorId: null, targetId: null } as const;
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      audit.write({ ...entry, details: { index } }, ({ insert }) =>
        server.deps.database.orm.batch([insert()]),
      ),
    ),
  );
}

test("security 10: entries written at once are one chain that can be verified", async () => {
  await using server = await createTestServer();
  await write(server, 8);
  const verdict = await verifyAuditLog(server.deps.database);
  expect(verdict).toMatchObject({ entries: 8, brokenAt: undefined });
  const { rows } = await server.deps.database.client.execute("SELECT hash FROM audit_log");
  expect(rows.at(-1)?.[0]).toBe(verdict.hash);
});

test("security 10: entries are not changed and not deleted", async () => {
  await using server = await createTestServer();
  await write(server, 1);
  const { client } = server.deps.database;
  for (const sql of ["UPDATE audit_log SET at_ms = 1", "DELETE FROM audit_log"]) {
    await expect(client.execute(sql)).rejects.toThrow("the audit log is append-only");
  }
});

const tampering: [string, string][] = [
  ["changed", `UPDATE audit_log SET details = '{"index":7}' WHERE number = 2`],
  ["taken out", "DELETE FROM audit_log WHERE number = 2"],
];
for (const [what, sql] of tampering) {
  test(`security 10: an entry that was ${what} around the triggers is found`, async () => {
    await using server = await createTestServer();
    await write(server, 3);
    const { client } = server.deps.database;
    await client.execute("DROP TRIGGER audit_log_kept");
    await client.execute("DROP TRIGGER audit_log_unchanged");
    await client.execute(sql);
    const { brokenAt } = await verifyAuditLog(server.deps.database);
    expect(brokenAt).toBe(what === "changed" ? 2 : 3);
  });
}

test("what fails is not in the log", async () => {
  await using server = await createTestServer();
  const { audit, database } = server.deps;
  const entry = { event: "player.banned", actorId: null, targetId: null } as const;
  const failing = audit.write(entry, ({ insert }) =>
    database.orm.batch([insert(), database.orm.run("INSERT INTO nowhere VALUES (1)")]),
  );
  await expect(failing).rejects.toThrow();
  await write(server, 1);
  expect((await verifyAuditLog(database)).entries).toBe(1);
});

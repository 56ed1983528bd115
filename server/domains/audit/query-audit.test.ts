import { expect, test } from "bun:test";
import { AuditPage } from "#shared/model/audit.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer } from "../../testing/test-server.ts";

test("security 10: the log is read in pages, by who and what, and verified", async () => {
  await using server = await createTestServer();
  const root = await registerAs(server, "admin");
  const eve = await server.guest("Eve");
  const token = root.accessToken;
  const path = `/api/users/${eve.player.id}/ban`;
  for (const reason of ["one", "two", "three"]) {
    await server.call("PUT", path, { token, body: { reason } });
  }
  await server.call("DELETE", `${path}?reason=sorry`, { token });

  const read = async (query: string) => {
    const { body } = await server.call("GET", `/api/audit?${query}`, { token });
    return AuditPage.parse(body);
  };
  const all = await read("");
  expect(all.entries.map(({ event, details }) => [event, details.reason])).toEqual([
    ["player.unbanned", "sorry"],
    ["player.banned", "three"],
    ["player.banned", "two"],
    ["player.banned", "one"],
  ]);
  expect(all.entries[0]).toMatchObject({ actorId: root.player.id, targetId: eve.player.id });
  const first = await read("event=player.banned&limit=2");
  const rest = await read(`event=player.banned&limit=2&cursor=${first.nextCursor}`);
  const seen = [...first.entries, ...rest.entries].map(({ details }) => details.reason);
  expect(seen).toEqual(["three", "two", "one"]);
  expect(rest.nextCursor).toBeNull();
  expect((await read(`actorId=${eve.player.id}`)).entries).toEqual([]);

  const verify = () => server.call("GET", "/api/audit/verification", { token });
  const hash = all.entries[0]?.hash;
  expect((await verify()).body).toEqual({ intact: true, entries: 4, brokenAt: null, hash });
  const { client } = server.deps.database;
  await client.execute("DROP TRIGGER audit_log_unchanged");
  await client.execute("UPDATE audit_log SET actor_id = NULL WHERE number = 3");
  expect((await verify()).body).toMatchObject({ intact: false, entries: 2, brokenAt: 3 });
});

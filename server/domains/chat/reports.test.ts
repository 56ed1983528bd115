import { expect, test } from "bun:test";
import type { Credentials } from "#shared/model/auth.ts";
import { REPORTS_LENGTH_MAX, ReportPage, SentMessage } from "#shared/model/chat.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";

async function say(server: TestServer, by: Credentials, text: string, to?: Credentials) {
  const place =
    to === undefined ? { channel: "global" } : { channel: "private", playerId: to.player.id };
  const answer = await server.call("POST", "/api/chat/messages", {
    token: by.accessToken,
    body: { text, ...place },
  });
  return SentMessage.parse(answer.body).cursor;
}

const report = (server: TestServer, by: Credentials, message: string) =>
  server.call("POST", "/api/chat/reports", {
    token: by.accessToken,
    body: { message, reason: "insults" },
  });

async function list(server: TestServer, by: Credentials, query = "") {
  const token = by.accessToken;
  const answer = await server.call("GET", `/api/chat/reports${query}`, { token });
  return ReportPage.parse(answer.body);
}

test("a report waits for a moderator, whose decision is audited", async () => {
  await using server = await createTestServer();
  const [ada, ben] = [await server.guest("Ada"), await server.guest("Ben")];
  const staff = await registerAs(server, "moderator");
  const message = await say(server, ben, "you fool", ada);
  await server.call("PUT", `/api/chat/blocks/${ben.player.id}`, {
    token: ada.accessToken,
    body: {},
  });
  expect((await report(server, ada, message)).body).toEqual({ reported: true });
  expect((await report(server, ada, message)).body).toEqual({ reported: true });
  const { reports } = await list(server, staff);
  expect(reports).toMatchObject([
    { message, text: "you fool", reason: "insults", senderId: ben.player.id },
  ]);
  const path = `/api/chat/reports/${reports[0]?.report}?outcome=acted`;
  const { accessToken: token } = staff;
  expect((await server.call("DELETE", path, { token: ada.accessToken })).status).toBe(403);
  expect((await server.call("DELETE", path, { token })).body).toEqual({ closed: true });
  expect((await server.call("DELETE", path, { token })).status).toBe(404);
  expect((await list(server, staff)).reports).toEqual([]);
  const sql = "SELECT event, target_id, details ->> 'outcome' FROM audit_log";
  const { rows } = await server.deps.database.client.execute(sql);
  expect(rows.map((row) => [row[0], row[1], row[2]])).toEqual([
    ["chat.report-closed", ben.player.id, "acted"],
  ]);
});

test("security 1: what one may not read, and what one said oneself, is not reported", async () => {
  await using server = await createTestServer();
  const [ada, ben] = [await server.guest("Ada"), await server.guest("Ben")];
  const eve = await server.guest("Eve");
  const secret = await say(server, ben, "a secret", ada);
  const own = await say(server, eve, "mine");
  for (const message of [secret, own, "999"]) {
    expect((await report(server, eve, message)).status).toBe(404);
  }
  const read = await server.call("GET", "/api/chat/reports", { token: eve.accessToken });
  expect(read.status).toBe(403);
});

test(`a player has ${REPORTS_LENGTH_MAX} reports open at most, and lists are paged`, async () => {
  await using server = await createTestServer({ limitFactor: 100 });
  const [ada, ben] = [await server.guest("Ada"), await server.guest("Ben")];
  const staff = await registerAs(server, "moderator");
  for (let count = 0; count < REPORTS_LENGTH_MAX; count++) {
    await report(server, ada, await say(server, ben, `line ${count}`));
  }
  const refused = await report(server, ada, await say(server, ben, "one more"));
  expect(readError(refused).code).toBe("CONFLICT");
  const first = await list(server, staff, "?limit=15");
  const rest = await list(server, staff, `?limit=15&cursor=${first.nextCursor}`);
  expect([first.reports.length, rest.reports.length, rest.nextCursor]).toEqual([15, 5, null]);
});

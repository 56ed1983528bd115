import { expect, test } from "bun:test";
import { ENDED_TOLD_MAX, EndedSessions, SessionList } from "#shared/model/auth.ts";
import {
  createTestServer,
  TEST_CLUSTER_SECRET,
  type TestServer,
} from "../../testing/test-server.ts";
import { deleteExpiredTokens } from "./delete-expired-tokens.ts";

const DAY_MS = 24 * 3600 * 1000;

async function ask(server: TestServer, since: number | null, sessions: object[] = []) {
  const answer = await server.call("POST", "/api/auth/ended-sessions", {
    token: TEST_CLUSTER_SECRET,
    body: { since, sessions },
  });
  return EndedSessions.parse(answer.body);
}

/** A guest's login, as a ticket names it. */
async function logIn(server: TestServer) {
  const login = await server.guest();
  const token = login.accessToken;
  const { body } = await server.call("GET", "/api/auth/sessions", { token });
  const [session] = SessionList.parse(body).sessions;
  const named = { sessionId: session?.id ?? "", playerId: login.player.id };
  return { named, logOut: () => server.call("POST", "/api/auth/log-out", { body: login }) };
}

test("a cursor tells every end once, in order, and the first answer only the cursor", async () => {
  await using server = await createTestServer();
  const [one, two, three] = [await logIn(server), await logIn(server), await logIn(server)];
  await one.logOut();
  const first = await ask(server, null);
  expect(first).toEqual({ cursor: 1, ended: [], more: false, missed: false });
  await two.logOut();
  await three.logOut();
  const second = await ask(server, first.cursor);
  expect(second).toMatchObject({ cursor: 3, more: false, missed: false });
  expect(second.ended).toEqual([
    { ...two.named, reason: "The login has ended: logged out." },
    { ...three.named, reason: "The login has ended: logged out." },
  ]);
  expect((await ask(server, second.cursor)).ended).toEqual([]);
});

test("a login that is named is answered however long ago it ended", async () => {
  await using server = await createTestServer();
  const [gone, here] = [await logIn(server), await logIn(server)];
  await gone.logOut();
  const { ended } = await ask(server, null, [gone.named, here.named]);
  expect(ended).toEqual([{ ...gone.named, reason: "The login has ended: logged out." }]);
});

test("ends that are forgotten are said to be, and numbers are never used twice", async () => {
  await using server = await createTestServer();
  const logins = [await logIn(server), await logIn(server), await logIn(server)];
  for (const { logOut } of logins) await logOut();
  const { database, clock } = server.deps;
  clock.schedule(0, () => undefined)();
  await deleteExpiredTokens({
    database,
    clock: { ...clock, wallMs: () => clock.wallMs() + DAY_MS + 1 },
  });
  expect(await ask(server, 0)).toEqual({ cursor: 3, ended: [], more: false, missed: true });
  expect((await ask(server, 3)).missed).toBe(false);
  const last = await logIn(server);
  await last.logOut();
  expect((await ask(server, 3)).ended).toHaveLength(1);
  const after = await ask(server, 99);
  expect(after).toMatchObject({ cursor: 4, missed: true });
});

test("a login that nobody knows has ended only when it is old", async () => {
  await using server = await createTestServer();
  const uuid = (ageMs: number) => ({
    sessionId: Bun.randomUUIDv7("hex", server.clock.wallMs() - ageMs),
    playerId: "ann",
  });
  const [young, old] = [uuid(1_000), uuid(61 * DAY_MS)];
  const { ended } = await ask(server, null, [young, old, { sessionId: "x", playerId: "y" }]);
  expect(ended).toEqual([{ ...old, reason: "The login has ended: expired." }]);
});

test("many ends come in parts", async () => {
  await using server = await createTestServer();
  const count = ENDED_TOLD_MAX + 1;
  await server.deps.database.client.execute(
    `INSERT INTO session_ends (session_id, player_id, reason, ended_at_ms)
     SELECT 'session ' || value, 'ann', 'banned', 1 FROM generate_series(1, ${count})`,
  );
  const first = await ask(server, 0);
  expect(first).toMatchObject({ cursor: ENDED_TOLD_MAX, more: true });
  const second = await ask(server, first.cursor);
  expect(second).toMatchObject({ cursor: count, more: false });
  expect(first.ended.length + second.ended.length).toBe(count);
});

import { expect, test } from "bun:test";
import { Webhook as Signer } from "standardwebhooks";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";

const SECRET = "whsec_dGhpcyBpcyBhIHRlc3Qgc2VjcmV0IG9mIDMyIGI=";
const BODY = JSON.stringify({ type: "custom.payment", data: { amount: 5 } });

interface Message {
  readonly id?: string;
  readonly body?: string;
  readonly laterMs?: number;
  readonly secret?: string;
}

/** Signed by the published library, as a sender would. */
function send(server: TestServer, message: Message = {}, sent = message.body ?? BODY) {
  const { id = "msg_1", body = BODY, laterMs = 0, secret = SECRET } = message;
  const at = new Date(server.clock.wallMs() + laterMs);
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": `v1,bm9wZQ== ${new Signer(secret).sign(id, at, body)}`,
  };
  return server.call("POST", "/webhooks", { headers, body: sent });
}

async function listEvents(server: TestServer) {
  const { rows } = await server.deps.database.client.execute(
    "SELECT type, data FROM events WHERE source = 'webhook'",
  );
  return rows.map((row) => [row.type, JSON.parse(String(row.data)).dataJson]);
}

test("security 9: a webhook that comes in is an event, once however often it comes", async () => {
  await using server = await createTestServer({ inboundSecret: SECRET });
  expect((await send(server)).body).toEqual({ received: true, again: false });
  expect((await send(server)).body).toEqual({ received: true, again: true });
  expect(await listEvents(server)).toEqual([["custom.payment", '{"amount":5}']]);
  server.clock.advance(11 * 60_000);
  expect((await send(server, { id: "msg_2" })).body).toMatchObject({ again: false });
  const { rows } = await server.deps.database.client.execute("SELECT id FROM webhook_receipts");
  expect(rows.map(({ id }) => id)).toEqual(["msg_2"]);
});

const other = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const refused: [string, (server: TestServer) => ReturnType<typeof send>, string][] = [
  ["another secret", (server) => send(server, { secret: other }), "no signature is that"],
  ["another body", (server) => send(server, {}, BODY.replace("5", "500")), "no signature is that"],
  ["a time long ago", (server) => send(server, { laterMs: -301_000 }), "more than 5 minutes"],
  ["a time to come", (server) => send(server, { laterMs: 301_000 }), "more than 5 minutes"],
  ["no signature", (server) => server.call("POST", "/webhooks", { body: BODY }), "is missing"],
];
test.each(refused)("security 9: a webhook with %s is refused", async (_, attempt, message) => {
  await using server = await createTestServer({ inboundSecret: SECRET });
  const answer = await attempt(server);
  expect(answer.status).toBe(401);
  expect(readError(answer).message).toContain(message);
  expect(await listEvents(server)).toEqual([]);
});

test("security 9: without a secret there is no such address", async () => {
  await using server = await createTestServer();
  expect((await send(server)).status).toBe(404);
});

test("nobody outside tells of what Tessera tells of", async () => {
  await using server = await createTestServer({ inboundSecret: SECRET });
  const body = JSON.stringify({ type: "player.banned", data: {} });
  const answer = await send(server, { body });
  expect(answer.status).toBe(400);
  expect(readError(answer).message).toContain("must be custom. and a name");
});

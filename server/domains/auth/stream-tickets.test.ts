import { describe, expect, test } from "bun:test";
import { StreamTicket } from "#shared/model/auth.ts";
import { createTestServer, type TestServer } from "../../testing/test-server.ts";
import { STREAM_TICKET_MS } from "./create-stream-ticket.ts";
import { deleteExpiredTokens } from "./delete-expired-tokens.ts";

async function getTicket(server: TestServer, token: string): Promise<string> {
  const answer = await server.call("POST", "/api/auth/stream-tickets", { token });
  return StreamTicket.parse(answer.body).ticket;
}

/** As a browser asks: no headers. */
function addressOf(path: string, ticket: string): string {
  const input = encodeURIComponent('{"json":{"after":"0"}}');
  const params = encodeURIComponent(JSON.stringify({ ticket }));
  return `http://server.test/trpc/${path}?connectionParams=${params}&input=${input}`;
}

/** The first words of a stream that matter: an event's type, or the code of the refusal. */
async function open(server: TestServer, ticket: string): Promise<string> {
  const response = await server.app.handle(new Request(addressOf("events.follow", ticket)));
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const read = await reader?.read();
    text += decoder.decode(read?.value);
    const found = /"(?:appCode|type)":"([^"]+)"/.exec(text);
    if (found === null && read?.done !== true) continue;
    await reader?.cancel();
    return found?.[1] ?? text;
  }
}

describe("security 2: a ticket that opens a stream", () => {
  test("does so once, as the player who asked for it", async () => {
    await using server = await createTestServer();
    const { accessToken: token } = await server.guest();
    const ticket = await getTicket(server, token);
    expect(await open(server, ticket)).toStartWith("player.");
    expect(await open(server, ticket)).toBe("TOKEN_EXPIRED");
    expect(await open(server, "no ticket")).toBe("TOKEN_EXPIRED");
  });

  test("of many at once with one ticket, one gets in", async () => {
    await using server = await createTestServer();
    const { accessToken: token } = await server.guest();
    const ticket = await getTicket(server, token);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => open(server, ticket)));
    expect(outcomes.filter((outcome) => outcome.startsWith("player."))).toHaveLength(1);
  });

  test("lasts 30 s, and is forgotten afterwards", async () => {
    await using server = await createTestServer();
    const { accessToken: token } = await server.guest();
    const ticket = await getTicket(server, token);
    await getTicket(server, token);
    server.clock.advance(STREAM_TICKET_MS);
    expect(await open(server, ticket)).toBe("TOKEN_EXPIRED");
    server.clock.advance(1);
    await deleteExpiredTokens(server.deps);
    const { client } = server.deps.database;
    const { rows } = await client.execute("SELECT count(*) FROM stream_tickets");
    expect(rows[0]?.[0]).toBe(0);
  });

  test("is worth nothing once its login has ended", async () => {
    await using server = await createTestServer();
    const { accessToken: token } = await server.guest();
    const ticket = await getTicket(server, token);
    await server.call("POST", "/api/auth/log-out-everywhere", { token });
    expect(await open(server, ticket)).toBe("UNAUTHORIZED");
  });

  test("calls nothing else, and is kept as a hash", async () => {
    await using server = await createTestServer();
    const { accessToken: token } = await server.guest();
    const ticket = await getTicket(server, token);
    const { status } = await server.app.handle(new Request(addressOf("players.me", ticket)));
    expect(status).toBe(401);
    const { rows } = await server.deps.database.client.execute("SELECT * FROM stream_tickets");
    expect(JSON.stringify(rows)).not.toContain(ticket);
    expect((await server.call("GET", "/api/players/me", { token: ticket })).status).toBe(401);
    expect(await open(server, ticket)).toStartWith("player.");
  });
});

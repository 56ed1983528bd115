import { describe, expect, test } from "bun:test";
import { Webhook as Verifier } from "standardwebhooks";
import {
  CreatedWebhook,
  DeliveryList,
  RotatedSecret,
  TestedWebhook,
  Webhook,
} from "#shared/model/webhooks.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { until } from "#shared/testing/until.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";
import { openWebhookEndpoint } from "../../testing/webhook-endpoint.ts";
import { ATTEMPTS_MAX } from "./attempt-rules.ts";
import type { WebhookNetwork } from "./webhook-network.ts";

const here: WebhookNetwork = { allowLoopback: true, lookup: async () => ["127.0.0.1"] };

/** A server on the machine's time, which the published verifier goes by, and its administrator. */
async function start(webhookNetwork: WebhookNetwork = here) {
  const clock = new FakeClock({ wallStartMs: Date.now() });
  const server = await createTestServer({ webhookNetwork, clock });
  const admin = await registerAs(server, "admin");
  const call = (method: string, path: string, body?: object) =>
    server.call(method, `/api${path}`, {
      token: admin.accessToken,
      ...(body !== undefined && { body }),
    });
  const deliveries = async (id: string) =>
    DeliveryList.parse((await call("GET", `/webhooks/${id}/deliveries`)).body).deliveries;
  return {
    server,
    admin,
    call,
    deliveries,
    create: async (url: string, eventTypes = ["custom.party"]) =>
      CreatedWebhook.parse((await call("POST", "/webhooks", { url, eventTypes })).body),
    send: (data: object = {}) => call("POST", "/admin/events", { type: "custom.party", data }),
    webhook: async (id: string) => Webhook.parse((await call("GET", `/webhooks/${id}`)).body),
    settled: (id: string, attempts: number) =>
      until(`attempt ${attempts}`, async () => {
        const [newest] = await deliveries(id);
        return newest?.attempts === attempts && newest;
      }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}

const refuse = (status: number) => () => new Response(null, { status });

describe("security 9: webhooks out", () => {
  test("the published verifier of Standard Webhooks accepts ours unless changed", async () => {
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    const { secret } = await house.create(endpoint.url);
    await house.send({ guests: 3 });
    const { headers, body } = await endpoint.last(1);
    const verifier = new Verifier(secret);
    expect(verifier.verify(body, headers)).toMatchObject({
      type: "custom.party",
      data: { guests: 3 },
      event: { version: 1 },
    });
    expect(() => verifier.verify(`${body} `, headers)).toThrow("No matching signature");
    expect(headers).toMatchObject({ "content-type": "application/json", connection: "close" });
  });

  test("a secret is shown once, and administrators alone see webhooks", async () => {
    await using house = await start();
    const { secret, webhook } = await house.create("http://127.0.0.1:1/");
    const again = await house.call("GET", `/webhooks/${webhook.id}`);
    const list = await house.call("GET", "/webhooks");
    expect(JSON.stringify([again.body, list.body, house.server.log])).not.toContain(secret);
    const moderator = await registerAs(house.server, "moderator");
    const refused = await house.server.call("GET", "/api/webhooks", {
      token: moderator.accessToken,
    });
    expect(refused.status).toBe(403);
  });

  test("for a day after a change the old secret signs too, then it does not", async () => {
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    const { secret: old, webhook } = await house.create(endpoint.url);
    const rotated = await house.call("POST", `/webhooks/${webhook.id}/secret`, {});
    const { secret } = RotatedSecret.parse(rotated.body);
    await house.send();
    const during = await endpoint.last(1);
    for (const one of [old, secret]) new Verifier(one).verify(during.body, during.headers);
    expect(secret).not.toBe(old);
    await insertEvent(house.server, 25 * 60 * 60_000);
    const after = await endpoint.last(2);
    expect(after.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  });

  const closed = [
    "https://10.0.0.7/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0.0.0.0/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.7]/",
    "https://[fe80::1]/",
    "https://[fd00:ec2::254]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://private.test/",
    "https://mixed.test/",
    "https://nowhere.test/",
    "http://public.test/",
    "https://user:password@public.test/",
    "ftp://public.test/",
  ];
  const names: Record<string, string[]> = {
    "private.test": ["10.0.0.7"],
    "mixed.test": ["93.184.215.14", "127.0.0.1"],
    "public.test": ["93.184.215.14"],
  };
  test.each(closed)("%s is refused when it is given", async (url) => {
    const lookup = async (host: string) => {
      const found = names[host];
      if (found === undefined) throw new Error("not found");
      return found;
    };
    await using house = await start({ allowLoopback: false, lookup });
    const answer = await house.call("POST", "/webhooks", { url, eventTypes: ["*"] });
    expect(answer.status).toBe(400);
    expect(readError(answer).message).toMatch(/cannot (send webhooks there|accept the input): /);
    const fine = { url: "https://public.test/", eventTypes: ["*"] };
    expect((await house.call("POST", "/webhooks", fine)).status).toBe(200);
  });

  test("a name that is pointed to a private address later is not connected to", async () => {
    await using endpoint = openWebhookEndpoint();
    let found = ["93.184.215.14"];
    await using house = await start({ allowLoopback: false, lookup: async () => found });
    const { webhook } = await house.create(`https://moving.test:${endpoint.port}/`);
    found = ["127.0.0.1"];
    await house.send();
    const delivery = await house.settled(webhook.id, 1);
    expect(delivery).toMatchObject({ state: "pending", lastStatus: null });
    expect(delivery.lastError).toContain("the host's address is private");
    expect(endpoint.taken).toEqual([]);
  });

  test("a redirect is not followed", async () => {
    await using other = openWebhookEndpoint();
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    const { webhook } = await house.create(endpoint.url);
    endpoint.answers.push(() => Response.redirect(other.url, 307));
    await house.send();
    const { lastError, lastStatus } = await house.settled(webhook.id, 1);
    expect({ lastError, lastStatus }).toEqual({
      lastError: "the endpoint redirects, which is not followed",
      lastStatus: 307,
    });
    expect(other.taken).toEqual([]);
  });

  test("no answer within 15 s is a failed attempt", async () => {
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    const { webhook } = await house.create(endpoint.url);
    const { promise, resolve } = Promise.withResolvers<Response>();
    endpoint.answers.push(() => promise);
    await house.send();
    await endpoint.last(1);
    house.server.clock.advance(15_000);
    const { lastError, lastDurationMs } = await house.settled(webhook.id, 1);
    expect({ lastError, lastDurationMs }).toEqual({
      lastError: "no answer within 15 s",
      lastDurationMs: 15_000,
    });
    resolve(new Response());
  });

  test("a retry comes after a growing wait with the same id and the whole body", async () => {
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    const { secret, webhook } = await house.create(endpoint.url);
    endpoint.answers.push(refuse(500), refuse(503));
    await house.send({ guests: 3 });
    const first = await house.settled(webhook.id, 1);
    const wait = ({ nextAttemptAt, lastAttemptAt }: typeof first) =>
      Date.parse(nextAttemptAt ?? "") - Date.parse(lastAttemptAt ?? "");
    expect(wait(first)).toBeWithin(4_000, 6_001);
    house.server.clock.advance(6_000);
    const second = await house.settled(webhook.id, 2);
    expect(wait(second)).toBeWithin(24_000, 36_001);
    house.server.clock.advance(36_000);
    expect(await house.settled(webhook.id, 3)).toMatchObject({
      state: "delivered",
      lastStatus: 200,
      nextAttemptAt: null,
    });
    const [one, two, three] = endpoint.taken;
    expect([two?.body, three?.body]).toEqual([`${one?.body}`, `${one?.body}`]);
    expect(new Set(endpoint.taken.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    new Verifier(secret).verify(three?.body ?? "", three?.headers ?? {});
  });
});

describe("webhooks", () => {
  test("a test delivery goes to the one endpoint", async () => {
    await using endpoint = openWebhookEndpoint();
    await using other = openWebhookEndpoint();
    await using house = await start();
    const { webhook } = await house.create(endpoint.url);
    await house.create(other.url, ["*"]);
    const answer = await house.call("POST", `/webhooks/${webhook.id}/test`, {});
    const { eventId } = TestedWebhook.parse(answer.body);
    const { headers, body } = await endpoint.last(1);
    expect(headers["webhook-id"]).toBe(eventId);
    expect(JSON.parse(body)).toMatchObject({ type: "webhook.test" });
    expect(other.taken.some(({ body }) => body.includes("webhook.test"))).toBe(false);
  });

  test("one that is gone is disabled at once, and works again when enabled", async () => {
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    const { webhook } = await house.create(endpoint.url);
    endpoint.answers.push(refuse(410));
    await house.send();
    await until("the end", async () => !(await house.webhook(webhook.id)).enabled);
    expect((await house.webhook(webhook.id)).disabledReason).toBe("it answered 410: gone");
    await house.send();
    await house.call("PATCH", `/webhooks/${webhook.id}`, { enabled: true });
    await house.send({ again: true });
    expect((await endpoint.last(2)).body).toContain("again");
    expect(endpoint.taken).toHaveLength(2);
  });

  test("one that takes nothing in ten attempts at an event is disabled", async () => {
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    const { webhook } = await house.create(endpoint.url);
    for (let count = 0; count < ATTEMPTS_MAX; count++) endpoint.answers.push(refuse(500));
    await house.send();
    const { client } = house.server.deps.database;
    for (let count = 1; count <= ATTEMPTS_MAX; count++) {
      await endpoint.last(count);
      await until("the verdict", async () => {
        const { rows } = await client.execute("SELECT attempts FROM webhook_deliveries");
        return Number(rows[0]?.attempts) === count;
      });
      house.server.clock.advance(36 * 60 * 60_000);
      house.server.deps.webhooks.wake();
    }
    const { rows } = await client.execute(
      `SELECT state, disabled_reason FROM webhook_deliveries
       JOIN webhook_endpoints ON id = endpoint_id`,
    );
    expect(rows[0]).toMatchObject({
      state: "failed",
      disabled_reason: "nothing was taken in 10 attempts at one event",
    });
    expect(webhook.enabled).toBe(true);
  });

  test("while nothing can be written down, attempts pause", async () => {
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    await house.create(endpoint.url);
    const { client } = house.server.deps.database;
    await client.execute(`CREATE TRIGGER broken BEFORE UPDATE OF state ON webhook_deliveries
      BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
    await house.send();
    const failures = () => house.server.log.filter((line) => line.includes("cannot write down"));
    await until("the failure", () => failures().length === 1);
    expect(endpoint.taken).toHaveLength(1);
    await client.execute("DROP TRIGGER broken");
    // The claim has to run out first.
    house.server.clock.advance(21_000);
    house.server.deps.webhooks.wake();
    await endpoint.last(2);
    expect(endpoint.taken[1]?.body).toBe(`${endpoint.taken[0]?.body}`);
    expect(failures()).toHaveLength(1);
  });

  test("what is deleted gets nothing any more, and who did what is in the audit log", async () => {
    await using endpoint = openWebhookEndpoint();
    await using house = await start();
    const { webhook } = await house.create(endpoint.url, ["*"]);
    expect((await house.call("DELETE", `/webhooks/${webhook.id}`)).body).toEqual({ deleted: true });
    expect((await house.call("GET", `/webhooks/${webhook.id}`)).status).toBe(404);
    const { rows } = await house.server.deps.database.client.execute(
      "SELECT event FROM audit_log ORDER BY number",
    );
    expect(rows.map((row) => row.event)).toEqual(["webhook.created", "webhook.deleted"]);
  });
});

/** Without a token, which would have expired by then. */
async function insertEvent(server: TestServer, laterMs: number): Promise<void> {
  server.clock.advance(laterMs);
  const sql = "INSERT INTO events (type, at_ms, data) VALUES ('custom.party', ?, ?)";
  const args = [server.clock.wallMs(), JSON.stringify({ dataJson: "{}" })];
  await server.deps.database.client.execute({ sql, args });
  server.deps.feed.wake();
}

import { expect, test } from "bun:test";
import { systemClock } from "#shared/time/clock.ts";
import { hooksCertificate } from "../../testing/hooks-certificate.ts";
import { openWebhookEndpoint } from "../../testing/webhook-endpoint.ts";
import { postWebhook } from "./post-webhook.ts";
import type { WebhookNetwork } from "./webhook-network.ts";

const lookup = async () => ["127.0.0.1"];
const trusting: WebhookNetwork = { allowLoopback: true, lookup, ca: hooksCertificate.cert };

function post(network: WebhookNetwork, url: string) {
  const request = { url, headers: { "webhook-id": "one" }, body: '{"é":1}' };
  return postWebhook({ network, clock: systemClock }, request);
}

test("security 9: over TLS the certificate is the host's, of a trusted authority", async () => {
  await using endpoint = openWebhookEndpoint({ tls: hooksCertificate });
  const url = `https://hooks.test:${endpoint.port}/hook`;
  expect(await post(trusting, url)).toMatchObject({ status: 200 });
  expect(endpoint.taken[0]?.body).toBe('{"é":1}');
  const other = `https://other.test:${endpoint.port}/hook`;
  await expect(post(trusting, other)).rejects.toThrow("the connection failed");
  await expect(post({ allowLoopback: true, lookup }, url)).rejects.toThrow("the connection failed");
  expect(endpoint.taken).toHaveLength(1);
});

test("security 9: what a socket reached is looked at before anything is sent", async () => {
  await using endpoint = openWebhookEndpoint();
  let looks = 0;
  // As a guard that changed its mind between the look-up and the connection.
  const network: WebhookNetwork = {
    get allowLoopback() {
      looks += 1;
      return looks === 1;
    },
    lookup,
  };
  await expect(post(network, endpoint.url)).rejects.toThrow("the host's address is private");
  expect(looks).toBe(2);
  expect(endpoint.taken).toEqual([]);
});

test.each([
  ["nothing", "", "was closed without an answer"],
  ["what is no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "the answer is not HTTP"],
  [
    "a head without end",
    `HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(4_000)}`,
    "the head of the answer",
  ],
])("an answer of %s is a failure", async (_, text, message) => {
  using server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket) {
        socket.end(text);
      },
    },
  });
  await expect(post(trusting, `http://127.0.0.1:${server.port}/`)).rejects.toThrow(message);
});

test("answers that only announce another are passed over, and a wait is read", async () => {
  const text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Slow\r\nRetry-After: 30\r\n\r\n";
  using server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket) {
        socket.end(text);
      },
    },
  });
  const answer = await post(trusting, `http://127.0.0.1:${server.port}/`);
  expect(answer).toEqual({ status: 429, retryAfterSeconds: 30 });
});

import { expect, test } from "bun:test";
import { Webhook as Verifier } from "standardwebhooks";
import { Credentials } from "#shared/model/auth.ts";
import { SentEvent } from "#shared/model/events.ts";
import { CreatedWebhook, DeliveryList } from "#shared/model/webhooks.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { spawnServer } from "../../testing/server-process.ts";
import { openWebhookEndpoint } from "../../testing/webhook-endpoint.ts";

test("what waits to be sent survives a kill of the server", async () => {
  using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path, TESSERA_WEBHOOK_LOOPBACK: "on" };
  let url: string;
  {
    await using away = openWebhookEndpoint();
    ({ url } = away);
  }
  let secret: string;
  let eventId: string;
  {
    await using server = spawnServer(environment);
    const at = await server.ready;
    const token = /#setup=([\w-]+)/.exec(
      await until("the link", () => server.said().includes("#setup=") && server.said()),
    )?.[1];
    const account = { token, username: "root", password: "correct horse" };
    const { accessToken } = Credentials.parse(await ask(at, "POST", "/auth/set-up", account));
    const call = (method: string, path: string, body?: object) =>
      ask(at, method, path, body, accessToken);
    const created = await call("POST", "/webhooks", { url, eventTypes: ["custom.party"] });
    const { webhook, ...rest } = CreatedWebhook.parse(created);
    ({ secret } = rest);
    const sent = await call("POST", "/admin/events", { type: "custom.party", data: { n: 1 } });
    eventId = SentEvent.parse(sent).id;
    await until("a first attempt", async () => {
      const list = await call("GET", `/webhooks/${webhook.id}/deliveries`);
      return DeliveryList.parse(list).deliveries[0]?.attempts === 1;
    });
    server.kill("SIGKILL");
    await server.end();
  }
  await using endpoint = openWebhookEndpoint({ port: Number(new URL(url).port) });
  await using server = spawnServer(environment);
  await server.ready;
  const { headers, body } = await endpoint.last(1);
  expect(headers["webhook-id"]).toBe(eventId);
  expect(new Verifier(secret).verify(body, headers)).toMatchObject({ data: { n: 1 } });
}, 60_000);

async function ask(
  ...[at, method, path, body, token]: [string, string, string, object?, string?]
): Promise<unknown> {
  const response = await fetch(`${at}/api${path}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

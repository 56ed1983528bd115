import { expect, test } from "bun:test";
import { Configuration } from "#shared/model/configuration.ts";
import { readConfig } from "../../config.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer, TEST_CLUSTER_SECRET } from "../../testing/test-server.ts";

test("administrators see the settings in force, and none of the secrets", async () => {
  const environment = { TESSERA_CLUSTER_SECRET: TEST_CLUSTER_SECRET, TESSERA_EVENT_DAYS: "7" };
  const configuration = readConfig(environment).described;
  await using server = await createTestServer({ configuration });
  const { accessToken: token } = await registerAs(server, "admin");
  const { body } = await server.call("GET", "/api/admin/configuration", { token });
  const { settings } = Configuration.parse(body);
  const of = (name: string) => settings.find((setting) => setting.name === name);
  expect(of("TESSERA_EVENT_DAYS")).toMatchObject({ value: "7", source: "environment" });
  expect(of("TESSERA_CLUSTER_SECRET")).toMatchObject({ value: null, source: "environment" });
  expect(JSON.stringify(body)).not.toContain(TEST_CLUSTER_SECRET);
  const moderator = await registerAs(server, "moderator");
  const refused = await server.call("GET", "/api/admin/configuration", {
    token: moderator.accessToken,
  });
  expect(refused.status).toBe(403);
});

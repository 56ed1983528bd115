import { expect, test } from "bun:test";
import { ServerAdmission } from "./server-admission.ts";

test("a server that lets nobody in is quoted, whatever it says", async () => {
  const message = "cannot join arena: the world is starting or away";
  const answers = [
    Response.json({ accessToken: "a guest's" }),
    Response.json({ error: { code: "WORLD_OFFLINE", message } }, { status: 503 }),
    new Response("the door is shut", { status: 502 }),
  ];
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => answers.shift() ?? new Response("asked too often", { status: 500 }),
  });
  const admission = new ServerAdmission({ url: server.url.href, world: "arena" });
  const refusal = () => admission.admit(0).catch(({ message: text }: Error) => text);
  expect(await refusal()).toBe(`/api/worlds/arena/join answers 503: ${message}`);
  expect(await refusal()).toBe("/api/auth/guest answers 502: the door is shut");
});

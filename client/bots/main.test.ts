import { expect, test } from "bun:test";
import { join } from "node:path";
import { until } from "#shared/testing/until.ts";
import { createClient } from "../index.ts";
import { Deployment } from "../sdk/testing/deployment.ts";

const MAIN = join(import.meta.dir, "main.ts");

test("bots play, come back after the shard was killed, and leave when told to", async () => {
  await using deployment = await Deployment.start();
  const bots = Bun.spawn({
    cmd: [process.execPath, MAIN, "--count", "3", "--url", deployment.url],
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = bots.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const expectLine = async (line: string) => {
    while (!text.includes(`${line}\n`)) {
      const { done, value } = await lines.read();
      if (done) throw new Error(`cannot find "${line}" in what the bots said: ${text}`);
      text += value;
    }
    text = text.slice(text.indexOf(line) + line.length);
  };
  await expectLine(`3 bots join arena at ${deployment.url}`);
  await expectLine("3 of 3 bots play");
  await deployment.killShard();
  await expectLine("0 of 3 bots play");
  await deployment.startShard();
  await expectLine("3 of 3 bots play");
  bots.kill("SIGTERM");
  expect(await bots.exited).toBe(0);
  const { api } = createClient({ url: deployment.url });
  await until("an empty world", async () => {
    return (await api.worlds.get.query({ worldId: "arena" })).population === 0;
  });
});

test("a wrong flag ends with 78 and the reason", async () => {
  const bots = Bun.spawn({ cmd: [process.execPath, MAIN, "--count", "x"], stderr: "pipe" });
  expect(await bots.exited).toBe(78);
  expect(await new Response(bots.stderr).text()).toBe(
    "cannot start bots: --count is x, allowed is a whole number from 0 to 5000\n",
  );
});

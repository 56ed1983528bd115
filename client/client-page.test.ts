// docs/CLIENT.md is what a game's author copies from: its talk is run here as it stands there.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { Deployment } from "./sdk/testing/deployment.ts";

const ROOT = join(import.meta.dir, "..");

/** The first program of the page that holds these words. */
async function readExample(words: string, url: string): Promise<string> {
  const page = await Bun.file(join(ROOT, "docs/CLIENT.md")).text();
  const programs = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? "");
  const found = programs.find((program) => program.includes(words));
  if (found === undefined) throw new Error(`cannot find an example with ${words}`);
  return found.replace("http://127.0.0.1:8088", url);
}

test("the chat's example talks", async () => {
  await using deployment = await Deployment.start();
  const program = await readExample("session.chat.onMessage", deployment.url);
  const child = Bun.spawn([process.execPath, "--eval", program], {
    cwd: ROOT,
    stdout: "pipe",
    stderr: "inherit",
  });
  const said = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  const expected = ["TEXT", "[global] Ada: Hello, all of you!", "[local] Ada: Is anybody near?"];
  expect(said.trim().split("\n").sort()).toEqual(expected);
}, 60_000);

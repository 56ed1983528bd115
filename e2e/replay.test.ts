// The event log as an operator reads it: the real command against a real server.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { Credentials } from "#shared/model/auth.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { spawnServer } from "../server/testing/server-process.ts";

const REPLAY = join(import.meta.dir, "../client/replay/main.ts");

test("fault 3: replay shows and counts what was, and goes on over a kill", async () => {
  using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path };
  await using first = spawnServer(environment);
  const url = await first.ready;
  const guest = await ask(`${url}/api/auth/guest`, "POST", "", { displayName: "Ada" });
  const { accessToken: token } = Credentials.parse(guest);
  const rename = (displayName: string) =>
    ask(`${url}/api/players/me`, "PATCH", token, { displayName });
  await rename("Grace");
  const flags = ["--url", url, "--token", token];

  const past = await run(...flags, "--types", "player.logged_in,player.renamed").all();
  expect(past.lines).toHaveLength(2);
  expect(past.lines[1]).toContain("player.renamed        -  ");
  expect(past.lines[1]).toEndWith('{"displayName":"Grace"}');
  expect(past.code).toBe(0);

  const counted = await run(...flags, "--stats", "type").all();
  expect(counted.lines).toEqual([
    "player.logged_in  1",
    "player.registered 1",
    "player.renamed    1",
    "total             3",
  ]);

  const coming = run(...flags, "--types", "player.renamed", "--follow", "--json", "--limit", "3");
  await until("what was", () => coming.lines.length === 1);
  await rename("Joan");
  await until("what came", () => coming.lines.length === 2);
  first.kill("SIGKILL");
  await first.end();
  await using second = spawnServer({ ...environment, TESSERA_PORT: new URL(url).port });
  await second.ready;
  await rename("Mary");
  const { lines, code } = await coming.all();
  const names = lines.map((line) => JSON.parse(line).data.displayName);
  expect(names).toEqual(["Grace", "Joan", "Mary"]);
  expect(code).toBe(0);

  const refused = await run("--url", url, "--token", "nonsense").all();
  expect(refused.code).toBe(1);
  expect(refused.errors).toContain("cannot accept the access token");
}, 60_000);

function run(...flags: string[]) {
  const command = [process.execPath, REPLAY, ...flags];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" });
  const lines: string[] = [];
  const read = (async () => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of child.stdout) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts);
    }
  })();
  return {
    lines,
    async all() {
      const [, errors, code] = await Promise.all([
        read,
        new Response(child.stderr).text(),
        child.exited,
      ]);
      return { lines, errors, code };
    },
  };
}

async function ask(url: string, method: string, token: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

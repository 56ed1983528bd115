// docs/API.md is what a stranger does first: its commands are run here as they stand there.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { createTestServer } from "./testing/test-server.ts";
import { openWebhookEndpoint } from "./testing/webhook-endpoint.ts";

const PAGE = join(import.meta.dir, "../docs/API.md");
const DEFAULT_HOOK = "http://127.0.0.1:9099/hook";
const DEFAULT_URL = "http://127.0.0.1:8088";
const MARK = "next-command-of-the-page";

interface Step {
  readonly command: string;
  /** What the page shows below the command. */
  readonly shown: string | undefined;
  readonly kind: string | undefined;
}

test("the commands of docs/API.md answer what it shows", async () => {
  const webhookNetwork = { allowLoopback: true, lookup: async () => [] };
  await using server = await createTestServer({ webhookNetwork });
  await using endpoint = openWebhookEndpoint();
  const setUp = await server.deps.setUpLink.open(server.deps.database);
  server.publishShard({ population: 20, capacity: 12_000 });
  await using http = Bun.serve({ port: 0, fetch: (request) => server.app.handle(request) });
  const steps = readSteps(await Bun.file(PAGE).text());
  expect(steps.length).toBeGreaterThan(8);
  const places = { [DEFAULT_URL]: http.url.origin, [DEFAULT_HOOK]: endpoint.url };
  const answers = await runAll(steps, places, setUp);
  for (const [index, { command, shown, kind }] of steps.entries()) {
    const answer = answers[index] ?? "";
    const what = `${command}\n→ ${answer}`;
    if (kind === "json") expectShown(JSON.parse(answer), JSON.parse(shown ?? ""));
    else if (shown !== undefined) expect(firstWords(answer), what).toEqual(firstWords(shown));
  }
}, 60_000);

/** Each block of commands with the block behind it, when that shows an answer. */
function readSteps(page: string): Step[] {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
    kind,
    text: text ?? "",
  }));
  return blocks.flatMap(({ kind, text }, index) => {
    if (kind !== "sh") return [];
    const next = blocks[index + 1];
    const answer = next?.kind === "json" || next?.kind === "text" ? next : undefined;
    return [{ command: text, shown: answer?.text, kind: answer?.kind }];
  });
}

/** In one shell, as somebody does who types them one after the other. */
async function runAll(
  steps: readonly Step[],
  places: Readonly<Record<string, string>>,
  setUp = "",
): Promise<string[]> {
  const script = steps.map(({ command }) => command).join(`\nprintf '\\n${MARK}\\n'\n`);
  let there = script;
  for (const [shown, real] of Object.entries(places)) there = there.replace(shown, real);
  const shell = Bun.spawn(["bash", "-c", there], {
    env: { ...process.env, SETUP: setUp },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, errors] = await Promise.all([
    new Response(shell.stdout).text(),
    new Response(shell.stderr).text(),
  ]);
  await shell.exited;
  expect(errors).toBe("");
  return said.split(`\n${MARK}\n`).map((answer) => answer.trim());
}

/** All that the page shows is there: plain words as shown, the rest of the same type. */
function expectShown(answer: unknown, shown: unknown, name = "answer"): void {
  if (Array.isArray(shown)) {
    if (!Array.isArray(answer)) throw new Error(`${name} is no list: ${JSON.stringify(answer)}`);
    for (const [index, one] of shown.entries())
      expectShown(answer[index], one, `${name}[${index}]`);
  } else if (typeof shown === "object" && shown !== null) {
    if (typeof answer !== "object" || answer === null) throw new Error(`${name} is no object`);
    for (const [key, one] of Object.entries(shown)) {
      expectShown(Reflect.get(answer, key), one, `${name}.${key}`);
    }
  } else if (typeof answer !== typeof shown) {
    throw new Error(`${name} is ${JSON.stringify(answer)}, the page shows ${shown}`);
  } else if (typeof shown === "string" && /^[a-z ]+$/i.test(shown) && answer !== shown) {
    throw new Error(`${name} is ${JSON.stringify(answer)}, the page shows ${shown}`);
  }
}

/** Numbers differ from one server to the next. */
function firstWords(text: string): string[] {
  return text
    .trim()
    .split("\n")
    .map((line) => line.replace(/\d+/g, "0").trim());
}

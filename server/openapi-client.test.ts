// The document is good when a client that is made from it alone compiles, and works.
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createTestServer, type TestServer } from "./testing/test-server.ts";

const ROOT = join(import.meta.dir, "..");
/** Below node_modules, where packages are found and nobody else looks. */
const SCRATCH = join(ROOT, "node_modules/.cache");

/** What the compiler must refuse on the line below. */
const WRONG = ["// @ts", "expect-error"].join("-");

const CLIENT = `
import createClient from "openapi-fetch";
import type { components, paths } from "./types.ts";

type Player = components["schemas"]["Player"];

export async function play(fetch: (request: Request) => Promise<Response>) {
  const api = createClient<paths>({ baseUrl: "http://server.test/api", fetch });
  const { data: login } = await api.POST("/auth/guest", { body: { displayName: "Ada" } });
  if (login === undefined) throw new Error("no login");
  const headers = { authorization: \`Bearer \${login.accessToken}\` };
  const me = await api.GET("/players/me", { headers });
  const player: Player | undefined = me.data;
  const joined = await api.POST("/worlds/{worldId}/join", {
    params: { path: { worldId: "arena" } },
    body: { region: "eu-west-1" },
    headers,
  });
  const nowhere = await api.GET("/worlds/{worldId}", { params: { path: { worldId: "nowhere" } } });
  const code: "NOT_FOUND" | undefined =
    nowhere.error?.error.code === "NOT_FOUND" ? nowhere.error.error.code : undefined;
  return { name: player?.displayName, address: joined.data?.address, code };
}

export async function misuse(api: ReturnType<typeof createClient<paths>>) {
  ${WRONG} there is no such route
  await api.GET("/nowhere");
  ${WRONG} a name is a text
  await api.PATCH("/players/me", { body: { displayName: 7 } });
  ${WRONG} the world is missing
  await api.GET("/worlds/{worldId}", {});
}
`;

const SETTINGS = {
  compilerOptions: {
    target: "ESNext",
    module: "Preserve",
    moduleResolution: "bundler",
    lib: ["ESNext", "DOM"],
    types: [],
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  },
  include: ["*.ts"],
};

test("a client generated from the document compiles and plays", async () => {
  await using server = await createTestServer();
  server.publishShard();
  mkdirSync(SCRATCH, { recursive: true });
  const folder = mkdtempSync(join(SCRATCH, "openapi-"));
  try {
    const document = await readDocument(server);
    await Bun.write(
      join(folder, "types.ts"),
      await run(document, "server/testing/openapi-types.ts"),
    );
    await Bun.write(join(folder, "client.ts"), CLIENT);
    await Bun.write(join(folder, "tsconfig.json"), JSON.stringify(SETTINGS));
    await run("", "node_modules/typescript/bin/tsc", "--project", folder);
    const { play } = await import(join(folder, "client.ts"));
    const handle = (request: Request) => server.app.handle(request);
    expect(await play(handle)).toEqual({
      name: "Ada",
      address: "ws://127.0.0.1:7777/game",
      code: "NOT_FOUND",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

async function readDocument(server: TestServer): Promise<string> {
  return JSON.stringify((await server.call("GET", "/api/openapi.json")).body);
}

/** What a script of this repository writes; throws with what it says when it fails. */
async function run(input: string, script: string, ...words: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, join(ROOT, script), ...words], {
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${script} left with ${code}: ${said}${errors}`);
  return said;
}

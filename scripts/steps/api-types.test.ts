import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../bootstrap.ts";
import { writeApiTypes } from "./api-types.ts";

/** What the compiler must refuse on the line below. */
const WRONG = ["// @ts", "expect-error"].join("-");

const CLIENT = `
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import superjson from "superjson";
import type { AppRouter } from "./app-router.js";

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => undefined;

same<Inputs["worlds"]["join"], { worldId: string; region?: string | undefined }>(true);
same<Inputs["players"]["rename"], { displayName: string }>(true);
same<Outputs["players"]["me"]["username"], string | null>(true);
same<Outputs["players"]["me"]["role"], "player" | "moderator" | "admin">(true);
same<Outputs["worlds"]["list"]["worlds"][number]["population"], number>(true);
same<Outputs["auth"]["logOut"], { loggedOut: true }>(true);
same<Outputs["worlds"]["list"]["worlds"], any>(false);

const options = { url: "http://server.test/trpc", transformer: superjson };
const api = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (op) => op.type === "subscription",
      true: httpSubscriptionLink(options),
      false: httpBatchLink(options),
    }),
  ],
});

export async function play(): Promise<string> {
  const { ticket } = await api.worlds.join.mutate({ worldId: "arena" });
  api.worlds.watchPopulation.subscribe(
    { worldId: "arena" },
    { onData: ({ data }) => same<typeof data.population, number>(true) },
  );
  return ticket;
}

export async function misuse(): Promise<void> {
  ${WRONG} there is no such procedure
  await api.worlds.nothing.query();
  ${WRONG} a world is a text
  await api.worlds.get.query({ worldId: 7 });
  ${WRONG} a mutation is no query
  await api.worlds.join.query({ worldId: "arena" });
}
`;

const SETTINGS = {
  compilerOptions: {
    target: "ESNext",
    module: "Preserve",
    moduleResolution: "bundler",
    lib: ["ESNext", "DOM", "DOM.AsyncIterable"],
    types: [],
    noEmit: true,
    strict: true,
  },
  include: ["client.ts"],
};

test("a client elsewhere is typed by the API alone, without the server's packages", async () => {
  const cache = join(ROOT, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "client-"));
  try {
    await writeApiTypes(folder);
    expect(readdirSync(folder).sort()).toEqual(["app-router.d.ts", "errors.d.ts"]);
    const needed = readdirSync(folder).flatMap((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      return [...text.matchAll(/(?:import\(|from )"([^"]+)"/g)].map(([, one]) => one ?? "");
    });
    const packages = ["@trpc/server", "@trpc/server/unstable-core-do-not-import", "zod"];
    expect([...new Set(needed)].sort()).toEqual(["./errors.js", ...packages]);
    writeFileSync(join(folder, "client.ts"), CLIENT);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(SETTINGS));
    expect(await compile(folder)).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

async function compile(folder: string): Promise<string> {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  const child = Bun.spawn([process.execPath, compiler, "--project", folder], {
    stdout: "pipe",
    stderr: "inherit",
  });
  return await new Response(child.stdout).text();
}

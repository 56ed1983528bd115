// Garbage at every procedure, over both transports and from every kind of caller. Whatever comes,
// the answer is a refusal in our own words: never a 500, never a trace of how the server is made.
import { describe, expect, test } from "bun:test";
import type { AnyTRPCRouter } from "@trpc/server";
import fc from "fast-check";
import { z } from "zod";
import { appRouter } from "./app-router.ts";
import { authRouter } from "./domains/auth/router.ts";
import { rest } from "./rest-route.ts";
import { findFault, garbageFor, logInAll } from "./testing/garbage.fuzz.ts";
import { createTestServer } from "./testing/test-server.ts";
import { publicProcedure, router } from "./trpc.ts";
import { type ListedProcedure, listProcedures } from "./unsafe.ts";

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const RUNS = Number(process.env.FUZZ_RUNS ?? 16);

for (const procedure of listProcedures(appRouter)) {
  test(`security 10: ${procedure.path} takes garbage without falling over`, async () => {
    expect(await fuzz(appRouter, procedure)).toBeUndefined();
  }, 60_000);
}

/** The first fault that is found, with what finds it again. */
async function fuzz(
  router: AnyTRPCRouter,
  procedure: ListedProcedure,
): Promise<string | undefined> {
  await using server = await createTestServer({ limitFactor: 10_000, router });
  const tokens = await logInAll(server);
  for (const garbage of fc.sample(garbageFor(procedure, tokens), { seed: SEED, numRuns: RUNS })) {
    const fault = await findFault(server, garbage);
    if (fault !== undefined) return `FUZZ_SEED=${SEED} ${fault}`;
  }
  return undefined;
}

const Text = z.object({ text: z.string() });
const Anything = z.object({ answer: z.unknown() });

/** Each is broken in a way in which a procedure can be. */
const broken = {
  throws: publicProcedure
    .meta(rest("POST", "/broken/throws", "Falls over"))
    .output(Anything)
    .mutation(() => {
      throw new TypeError("undefined is not an object");
    }),
  throwsRarely: publicProcedure
    .meta(rest("GET", "/broken/throws-rarely", "Falls over texts that are no names of its own"))
    .input(Text)
    .output(Anything)
    .query(({ input }) => ({ answer: decodeURIComponent(input.text) })),
  tellsTraces: publicProcedure
    .meta(rest("GET", "/broken/tells-traces", "Shows how it is made"))
    .output(Anything)
    .query(() => ({ answer: new Error("here").stack })),
  tellsQueries: publicProcedure
    .meta(rest("GET", "/broken/tells-queries", "Shows what it asks the database"))
    .output(Anything)
    .query(() => ({ answer: 'Failed query: select "id" from "players"' })),
  answersWrong: publicProcedure
    .meta(rest("GET", "/broken/answers-wrong", "Answers what its schema does not allow"))
    .output(Text)
    .query(() => JSON.parse('{"text":1}')),
  failsInItsStream: publicProcedure.subscription(async function* () {
    yield 1;
    throw new RangeError("too far");
  }),
};

describe("the driver finds what is broken", () => {
  const brokenRouter = router({ auth: authRouter, broken: router(broken) });
  const procedures = listProcedures(brokenRouter).filter(({ path }) => path.startsWith("broken."));
  test.each(procedures)("$path", async (procedure) => {
    expect(await fuzz(brokenRouter, procedure)).toMatch(/the server failed|tells too much/);
  });
});

/** tRPC at /trpc: batches, streams and subscriptions. */
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Elysia } from "elysia";
import { appRouter } from "../app-router.ts";
import { createContext } from "../context.ts";
import type { ServerDeps } from "../deps.ts";
import { describeError } from "../errors.ts";
import type { AddressOf } from "./client-address.ts";
import { boundBody } from "./read-body.ts";

/** Calls in one batch; a longer one is refused as a whole. */
export const BATCH_CALLS_MAX = 10;

/** The route, to be mounted on the app. */
export function createTrpc(deps: ServerDeps, addressOf: AddressOf) {
  return new Elysia().all(
    "/trpc/*",
    async ({ request }) => {
      const req = await boundBody(request);
      const response = await fetchRequestHandler({
        endpoint: "/trpc",
        req,
        router: appRouter,
        maxBatchSize: BATCH_CALLS_MAX,
        createContext: () => createContext(deps, req, addressOf(request)),
        responseMeta({ errors }) {
          const waits = errors.map((error) => describeError(error).retryAfterSeconds ?? 0);
          const longest = Math.max(0, ...waits);
          return { headers: longest > 0 ? { "retry-after": String(longest) } : {} };
        },
      });
      // tRPC leaves it out when it refuses a request before it looks for the procedure.
      if (response.status >= 400) response.headers.set("content-type", "application/json");
      return response;
    },
    { parse: "none" },
  );
}

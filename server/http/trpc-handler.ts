/** tRPC at /trpc: batches, streams and subscriptions. */
import {
  type AnyTRPCRouter,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  transformTRPCResponse,
} from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Elysia } from "elysia";
import { z } from "zod";
import type { ServerDeps } from "../deps.ts";
import { describeError, toHttpStatus } from "../errors.ts";
import type { RequestQuota } from "../limits/request-limits.ts";
import { listProcedures } from "../unsafe.ts";
import { admit } from "./admit.ts";
import { checkJsonDepth } from "./json-depth.ts";
import { boundBody } from "./read-body.ts";
import type { ProcedureRoutes } from "./rest.ts";

const TICKET_LENGTH_MAX = 100;

/** Calls in one batch; a longer one is refused as a whole. */
export const BATCH_CALLS_MAX = 10;

const ENDPOINT = "/trpc";

const ConnectionParams = z
  .string()
  .transform((text, ctx) => {
    try {
      return JSON.parse(text);
    } catch {
      ctx.addIssue("no JSON");
      return z.NEVER;
    }
  })
  .pipe(z.object({ ticket: z.string().max(TICKET_LENGTH_MAX) }));

/** The route, to be mounted on the app. */
export function createTrpc(deps: ServerDeps, { addressOf, router }: ProcedureRoutes) {
  const procedures = new Map(listProcedures(router).map((one) => [one.path, one]));
  return new Elysia().all(
    `${ENDPOINT}/*`,
    async ({ request }) => {
      const req = await boundBody(request);
      const url = new URL(req.url);
      if (url.search !== "") checkJsonDepth(Buffer.from(url.searchParams.get("input") ?? ""));
      const calls = listCalls(url);
      const streams = procedures.get(calls[0] ?? "")?.type === "subscription";
      const { quota, context, refusal } = await admit(deps, {
        request: req,
        address: addressOf(request),
        ticket: streams ? readTicket(url) : undefined,
        classes: calls.map((call) => procedures.get(call)?.meta.limits ?? "api"),
      });
      if (context === undefined && !streams) return toRefusal(router, refusal, quota);
      const response = await fetchRequestHandler({
        endpoint: ENDPOINT,
        req,
        router,
        maxBatchSize: BATCH_CALLS_MAX,
        createContext: () => {
          if (context === undefined) throw refusal;
          return context;
        },
        responseMeta({ errors }) {
          if (errors.length === 0) return {};
          const waits = errors.map((error) => describeError(error).retryAfterSeconds ?? 0);
          const longest = Math.max(0, ...waits);
          return { headers: longest > 0 ? { "retry-after": String(longest) } : {} };
        },
      });
      // tRPC leaves it out when it refuses a request before it looks for the procedure.
      if (response.status >= 400) response.headers.set("content-type", "application/json");
      quota.writeHeaders(response.headers);
      return response;
    },
    { parse: "none" },
  );
}

/** Where tRPC's clients put what they cannot put into headers. */
function readTicket({ searchParams }: URL): string | undefined {
  const given = ConnectionParams.safeParse(searchParams.get("connectionParams"));
  return given.success ? given.data.ticket : undefined;
}

/** Names in a batch; what does not exist counts too, and a batch that is too long as one. */
function listCalls({ pathname, search, searchParams }: URL): string[] {
  const names = pathname.slice(ENDPOINT.length + 1);
  const isBatch = search !== "" && searchParams.has("batch");
  const calls = isBatch ? names.split(/,|%2c/i) : [names];
  return calls.length > BATCH_CALLS_MAX ? calls.slice(0, 1) : calls;
}

/**
 * One error for the whole request, with its own status also where a stream was asked for: tRPC's
 * clients give it to each call. A subscription gets it within its stream, since browsers do not
 * show what is not a stream.
 */
function toRefusal(router: AnyTRPCRouter, refusal: unknown, quota: RequestQuota): Response {
  const { _config: config } = router._def;
  const error = getTRPCErrorFromUnknown(refusal);
  const about = { error, type: "unknown", path: undefined, input: undefined } as const;
  const shape = getTRPCErrorShape({ config, ctx: undefined, ...about });
  const body = transformTRPCResponse(config, { error: shape });
  const status = toHttpStatus(describeError(refusal).code);
  const response = Response.json(body, { status, headers: { "cache-control": "no-store" } });
  quota.writeHeaders(response.headers);
  return response;
}

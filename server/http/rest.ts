/** The procedures as REST routes under /api, each as its meta says. */
import type { AnyTRPCRouter } from "@trpc/server";
import { Elysia } from "elysia";
import { appRouter } from "../app-router.ts";
import type { ServerDeps } from "../deps.ts";
import { toErrorResponse } from "../errors.ts";
import type { LimitClass } from "../limits/limit-classes.ts";
import type { RestRoute } from "../trpc.ts";
import { createProcedureCaller, listProcedures } from "../unsafe.ts";
import { admit } from "./admit.ts";
import type { AddressOf } from "./client-address.ts";
import { readJsonObject } from "./read-body.ts";

/** What the two transports of procedures are made of. */
export interface ProcedureRoutes {
  readonly addressOf: AddressOf;
  readonly router: AnyTRPCRouter;
}

interface MirroredProcedure {
  /** Dotted, e.g. `worlds.join`. */
  readonly procedure: string;
  readonly route: RestRoute;
  readonly limits: LimitClass;
}

/** Procedures that are routes too, which is all but subscriptions. */
export function listRestRoutes(router: AnyTRPCRouter = appRouter): MirroredProcedure[] {
  return listProcedures(router).flatMap(({ path, meta }) =>
    meta.openapi === undefined
      ? []
      : [{ procedure: path, route: meta.openapi, limits: meta.limits ?? "api" }],
  );
}

/** The routes, to be mounted on the app. */
export function createRest(deps: ServerDeps, { addressOf, router }: ProcedureRoutes) {
  const app = new Elysia({ prefix: "/api" });
  const callProcedure = createProcedureCaller(router);
  for (const mirrored of listRestRoutes(router)) {
    const { route } = mirrored;
    const classes = [mirrored.limits];
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    app.route(
      route.method,
      path,
      async ({ request, params }) => {
        const address = addressOf(request);
        const { quota, context, refusal } = await admit(deps, { request, address, classes });
        const response =
          context === undefined
            ? toErrorResponse(refusal)
            : await answer(mirrored.route, request, (given) =>
                callProcedure(mirrored.procedure, context, { ...given, ...params }),
              );
        quota.writeHeaders(response.headers);
        return response;
      },
      { parse: "none" },
    );
  }
  return app;
}

async function answer(
  route: RestRoute,
  request: Request,
  call: (given: object) => Promise<unknown>,
): Promise<Response> {
  try {
    const given = takesBody(route) ? await readJsonObject(request) : readQuery(request);
    return Response.json(await call(given), { headers: { "cache-control": "no-store" } });
  } catch (error) {
    return toErrorResponse(error);
  }
}

function takesBody(route: RestRoute): boolean {
  return route.method !== "GET" && route.method !== "DELETE";
}

function readQuery(request: Request): Record<string, string> {
  return Object.fromEntries(new URL(request.url).searchParams);
}

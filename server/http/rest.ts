/** The procedures as REST routes under /api, each as its meta says. */
import { Elysia } from "elysia";
import { appRouter } from "../app-router.ts";
import type { Context } from "../context.ts";
import type { ServerDeps } from "../deps.ts";
import { toErrorResponse } from "../errors.ts";
import type { LimitClass } from "../limits/limit-classes.ts";
import type { RestRoute } from "../trpc.ts";
import { callProcedure, listProcedures } from "../unsafe.ts";
import { admit } from "./admit.ts";
import type { AddressOf } from "./client-address.ts";
import { readJsonObject } from "./read-body.ts";

interface MirroredProcedure {
  /** Dotted, e.g. `worlds.join`. */
  readonly procedure: string;
  readonly route: RestRoute;
  readonly limits: LimitClass;
}

/** Procedures that are routes too, which is all but subscriptions. */
export function listRestRoutes(): MirroredProcedure[] {
  return listProcedures(appRouter).flatMap(({ path, meta }) =>
    meta.openapi === undefined
      ? []
      : [{ procedure: path, route: meta.openapi, limits: meta.limits ?? "api" }],
  );
}

/** The routes, to be mounted on the app. */
export function createRest(deps: ServerDeps, addressOf: AddressOf) {
  const app = new Elysia({ prefix: "/api" });
  for (const mirrored of listRestRoutes()) {
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
            : await answer(mirrored, context, { request, params });
        quota.writeHeaders(response.headers);
        return response;
      },
      { parse: "none" },
    );
  }
  return app;
}

async function answer(
  { procedure, route }: MirroredProcedure,
  context: Context,
  { request, params }: { request: Request; params: Readonly<Record<string, string>> },
): Promise<Response> {
  try {
    const given = takesBody(route) ? await readJsonObject(request) : readQuery(request);
    const output = await callProcedure(procedure, context, { ...given, ...params });
    return Response.json(output, { headers: { "cache-control": "no-store" } });
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

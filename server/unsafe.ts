// What tRPC's types cannot say: procedures looked up by their name at run time.
import type { AnyTRPCRouter } from "@trpc/server";
import type { z } from "zod";
import { appRouter } from "./app-router.ts";
import type { Context } from "./context.ts";
import { createCallerFactory, type ProcedureMeta } from "./trpc.ts";

export interface ListedProcedure {
  /** Dotted, e.g. `worlds.join`. */
  readonly path: string;
  readonly type: string;
  readonly meta: ProcedureMeta;
  /** The schema of its input; undefined when it takes none. */
  readonly input: z.ZodType | undefined;
}

interface ProcedureShape {
  readonly _def: {
    readonly type: string;
    readonly meta?: ProcedureMeta;
    readonly inputs: readonly z.ZodType[];
  };
}

/** All procedures of a router with what they say about themselves. */
export function listProcedures(router: {
  readonly _def: { readonly procedures: object };
}): ListedProcedure[] {
  const procedures = router._def.procedures as Record<string, ProcedureShape>;
  return Object.entries(procedures).map(([path, { _def }]) => ({
    path,
    type: _def.type,
    meta: _def.meta ?? {},
    input: _def.inputs[0],
  }));
}

/** Calls a procedure by its dotted name; its input schema checks the input. */
export type ProcedureCaller = (path: string, context: Context, input: unknown) => Promise<unknown>;

/** Calls the procedures of a router. */
export function createProcedureCaller(router: AnyTRPCRouter): ProcedureCaller {
  const createCaller = createCallerFactory(router);
  return async (path, context, input) => {
    let target = createCaller(context) as unknown;
    for (const name of path.split(".")) target = (target as Record<string, unknown>)[name];
    return await (target as (input: unknown) => Promise<unknown>)(input);
  };
}

/** Calls the API's. */
export const callProcedure = createProcedureCaller(appRouter);

/** The way from a request to the context that its procedures get, through the limits. */
import { type Context, createContext } from "../context.ts";
import type { ServerDeps } from "../deps.ts";
import type { LimitClass } from "../limits/limit-classes.ts";
import type { RequestQuota } from "../limits/request-limits.ts";

export interface AdmissionRequest {
  readonly request: Request;
  readonly address: string;
  /** What opens a stream in place of a token. */
  readonly ticket?: string | undefined;
  /** Of each call that the request asks for. */
  readonly classes: readonly LimitClass[];
}

/** Who calls, or why nobody looks at the request; and what is to be said of its limits. */
export interface Admission {
  readonly quota: RequestQuota;
  readonly context: Context | undefined;
  /** The context's opposite. */
  readonly refusal: Error | undefined;
}

/** Counts the request's calls and reads who makes them. */
export async function admit(
  deps: ServerDeps,
  { request, address, ticket, classes }: AdmissionRequest,
): Promise<Admission> {
  const quota = deps.limits.begin(classes);
  try {
    const context = await createContext(deps, request, { address, quota, ticket });
    return { quota, context, refusal: undefined };
  } catch (error) {
    const refusal = error instanceof Error ? error : new Error(String(error));
    return { quota, context: undefined, refusal };
  }
}

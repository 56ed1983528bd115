/** tRPC set up once: levels of procedures, errors, measuring. */
import { getTRPCErrorFromUnknown, initTRPC, type TRPCError } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import superjson, { type SuperJSONResult } from "superjson";
import { AppError, type AppErrorCode } from "#shared/model/errors.ts";
import { PLAYER_ROLES, type PlayerRole } from "#shared/model/players.ts";
import { attendStream } from "./attended-stream.ts";
import type { Actor, Context } from "./context.ts";
import type { ServerDeps } from "./deps.ts";
import { describeError, toErrorKind, toHttpStatus, toTrpcCode, toTrpcError } from "./errors.ts";
import type { LimitClass } from "./limits/limit-classes.ts";

/** Who may call. There is no default: a procedure is made from one of the five below. */
export type ProcedureLevel = "public" | "player" | "moderator" | "admin" | "service";

/** How a procedure appears as a REST route. */
export interface RestRoute {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below /api, with `{name}` for inputs in the path. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description?: string;
  readonly tags: string[];
  readonly protect: boolean;
}

/** A type, not an interface: the OpenAPI generator takes records only. */
export type ProcedureMeta = {
  readonly level?: ProcedureLevel;
  /** Which limits its calls count against; `api` when not given. */
  readonly limits?: LimitClass;
  readonly openapi?: RestRoute;
};

/** superjson's work grows with the square of the notes on types that come with an input. */
const INPUT_NOTES_LENGTH_MAX = 4_096;
const SSE_PING_MS = 5_000;
const SSE_RECONNECT_AFTER_MS = 20_000;

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    transformer: {
      input: { serialize: superjson.serialize, deserialize: readInput },
      output: superjson,
    },
    // Otherwise stacks reach clients whenever NODE_ENV is not "production".
    isDev: false,
    sse: {
      // A silent stream is cut on its way after some 12 s.
      ping: { enabled: true, intervalMs: SSE_PING_MS },
      client: { reconnectAfterInactivityMs: SSE_RECONNECT_AFTER_MS },
    },
    errorFormatter({ shape, error }) {
      const { code: appCode, message, ...details } = describeError(error);
      // In a stream the error comes as the use case threw it, and clients go by these codes.
      const code = toTrpcCode(appCode);
      const told = { code, httpStatus: toHttpStatus(appCode), appCode, kind: toErrorKind(appCode) };
      const data = { ...shape.data, ...told, ...details };
      return { ...shape, code: TRPC_ERROR_CODES_BY_KEY[code], message, data };
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Anyone. */
export const publicProcedure = procedureFor(() => ({})).meta({ level: "public" });

/** Any logged-in player, guests included. */
export const playerProcedure = procedureFor(needRole("player")).meta({ level: "player" });

/** Players who keep order. */
export const moderatorProcedure = procedureFor(needRole("moderator")).meta({ level: "moderator" });

/** Players who run the deployment. */
export const adminProcedure = procedureFor(needRole("admin")).meta({ level: "admin" });

/** Other processes of the deployment, by the cluster secret. */
export const serviceProcedure = procedureFor(needService).meta({ level: "service" });

/**
 * Measures a call and lets it through, with what `admit` adds to its context, or not, when it
 * throws. It is all one middleware: tRPC copies its options several times for each.
 */
function procedureFor<Added extends object>(admit: (ctx: Context) => Added) {
  return t.procedure.use(async ({ ctx, path, type, next }) => {
    const { metrics, clock } = ctx.deps;
    const startMs = clock.monotonicMs();
    metrics.inFlight.inc();
    const admitted = tryTo(() => admit(ctx));
    const result = admitted.ok ? await next({ ctx: admitted.value }) : admitted;
    metrics.inFlight.dec();
    const failure = result.ok ? undefined : describeError(result.error).code;
    const labels = { procedure: path, code: failure ?? "OK" };
    metrics.requests.observe(labels, (clock.monotonicMs() - startMs) / 1000);
    if (type === "mutation") ctx.deps.feed.wake();
    if (result.ok && type === "subscription") return { ...result, data: attendStream(result.data) };
    if (result.ok) return result;
    noteFailure(ctx.deps, { path, code: failure ?? "INTERNAL", error: result.error });
    throw result.error.cause instanceof AppError ? toTrpcError(result.error.cause) : result.error;
  });
}

function tryTo<Value>(work: () => Value) {
  try {
    return { ok: true, value: work() } as const;
  } catch (error) {
    return { ok: false, error: getTRPCErrorFromUnknown(error) } as const;
  }
}

function noteFailure(
  { metrics, databaseHealth, log }: ServerDeps,
  { path, code, error }: { path: string; code: AppErrorCode; error: TRPCError },
): void {
  metrics.errors.inc({ procedure: path, code });
  if (code === "UNAVAILABLE") databaseHealth.note(error.cause);
  if (code === "INTERNAL") log.error("procedure failed", { procedure: path, error });
}

function readInput(input: SuperJSONResult): unknown {
  try {
    const notes = input.meta === undefined ? "" : JSON.stringify(input.meta);
    if (notes.length > INPUT_NOTES_LENGTH_MAX) throw new Error("meta is too long");
    return superjson.deserialize(input);
  } catch (cause) {
    throw new AppError(
      "INVALID_INPUT",
      `cannot read the input: it must be superjson, such as {"json":{}}, with at most ` +
        `${INPUT_NOTES_LENGTH_MAX} characters of meta`,
      { cause },
    );
  }
}

function needRole(needed: PlayerRole) {
  return (ctx: Context): { readonly actor: Actor } => {
    if (ctx.refusal !== null) throw ctx.refusal;
    if (ctx.actor === null) {
      throw new AppError(
        "UNAUTHORIZED",
        "cannot call this without a login: send the access token as Authorization: Bearer …",
      );
    }
    if (PLAYER_ROLES.indexOf(ctx.actor.role) < PLAYER_ROLES.indexOf(needed)) {
      throw new AppError("FORBIDDEN", `cannot call this: it needs the role ${needed}`);
    }
    if (needed !== "player") assertSecondFactor(ctx.actor, ctx.deps.staffTotp);
    return { actor: ctx.actor };
  };
}

function needService(ctx: Context): object {
  if (ctx.service) return {};
  throw new AppError(
    "UNAUTHORIZED",
    "cannot call a service procedure: the cluster secret is missing or wrong",
  );
}

/** What staff may do is not to be had by a stolen password, nor by a device that logs in alone. */
function assertSecondFactor(actor: Actor, staffTotp: ServerDeps["staffTotp"]): void {
  if (actor.secondFactor) return;
  if (actor.hasSecondFactor) {
    throw new AppError(
      "FORBIDDEN",
      "cannot call this by a login without the second factor: log in with `code`",
    );
  }
  if (staffTotp === "required") {
    throw new AppError(
      "FORBIDDEN",
      "cannot call this without a second factor: set one up with auth.beginTotp",
    );
  }
}

/** The one place where errors become what transports say: codes, statuses, envelopes. */
import { TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";
import { z } from "zod";
import { awayFaultOf } from "#shared/infra/db/database-error.ts";
import {
  AppError,
  type AppErrorCode,
  type AppErrorIssue,
  type AppErrorKind,
} from "#shared/model/errors.ts";

/** An error as every transport tells it. */
export interface ErrorDescription {
  readonly code: AppErrorCode;
  readonly message: string;
  readonly issues?: readonly AppErrorIssue[];
  readonly retryAfterSeconds?: number;
}

/** What REST routes answer when something went wrong. */
export interface ErrorEnvelope {
  readonly error: ErrorDescription & { readonly kind: AppErrorKind };
}

interface TransportCode {
  readonly http: number;
  readonly trpc: TRPC_ERROR_CODE_KEY;
  /** As the game's protocol names it. */
  readonly kind: AppErrorKind;
}

const transportCodes: Readonly<Record<AppErrorCode, TransportCode>> = {
  INVALID_INPUT: { http: 400, trpc: "BAD_REQUEST", kind: "INTENT_INVALID" },
  UNAUTHORIZED: { http: 401, trpc: "UNAUTHORIZED", kind: "AUTH_REQUIRED" },
  TOKEN_EXPIRED: { http: 401, trpc: "UNAUTHORIZED", kind: "AUTH_REQUIRED" },
  TOKEN_REUSED: { http: 401, trpc: "UNAUTHORIZED", kind: "AUTH_REQUIRED" },
  CREDENTIALS_WRONG: { http: 401, trpc: "UNAUTHORIZED", kind: "AUTH_REQUIRED" },
  SECOND_FACTOR_REQUIRED: { http: 401, trpc: "UNAUTHORIZED", kind: "AUTH_REQUIRED" },
  SECOND_FACTOR_WRONG: { http: 401, trpc: "UNAUTHORIZED", kind: "AUTH_REQUIRED" },
  FORBIDDEN: { http: 403, trpc: "FORBIDDEN", kind: "PERMISSION_DENIED" },
  BANNED: { http: 403, trpc: "FORBIDDEN", kind: "PERMISSION_DENIED" },
  NOT_FOUND: { http: 404, trpc: "NOT_FOUND", kind: "NOT_FOUND" },
  METHOD_NOT_ALLOWED: { http: 405, trpc: "METHOD_NOT_SUPPORTED", kind: "INTENT_INVALID" },
  USERNAME_TAKEN: { http: 409, trpc: "CONFLICT", kind: "CONFLICT" },
  CONFLICT: { http: 409, trpc: "CONFLICT", kind: "CONFLICT" },
  TOO_LARGE: { http: 413, trpc: "PAYLOAD_TOO_LARGE", kind: "INTENT_INVALID" },
  MEDIA_TYPE_UNSUPPORTED: { http: 415, trpc: "UNSUPPORTED_MEDIA_TYPE", kind: "INTENT_INVALID" },
  TOO_MANY_ATTEMPTS: { http: 429, trpc: "TOO_MANY_REQUESTS", kind: "RATE_LIMITED" },
  RATE_LIMITED: { http: 429, trpc: "TOO_MANY_REQUESTS", kind: "RATE_LIMITED" },
  BUSY: { http: 429, trpc: "TOO_MANY_REQUESTS", kind: "RATE_LIMITED" },
  WORLD_OFFLINE: { http: 503, trpc: "SERVICE_UNAVAILABLE", kind: "INVALID_STATE" },
  WORLD_FULL: { http: 503, trpc: "SERVICE_UNAVAILABLE", kind: "INVALID_STATE" },
  UNAVAILABLE: { http: 503, trpc: "SERVICE_UNAVAILABLE", kind: "UNAVAILABLE" },
  INTERNAL: { http: 500, trpc: "INTERNAL_SERVER_ERROR", kind: "UNAVAILABLE" },
};

/** tRPC's own errors, raised before a use case runs. */
const fromTrpc: Partial<Record<TRPC_ERROR_CODE_KEY, AppErrorCode>> = {
  BAD_REQUEST: "INVALID_INPUT",
  PARSE_ERROR: "INVALID_INPUT",
  UNAUTHORIZED: "UNAUTHORIZED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  METHOD_NOT_SUPPORTED: "METHOD_NOT_ALLOWED",
  PAYLOAD_TOO_LARGE: "TOO_LARGE",
  UNSUPPORTED_MEDIA_TYPE: "MEDIA_TYPE_UNSUPPORTED",
  TOO_MANY_REQUESTS: "RATE_LIMITED",
};

const databaseAway: ErrorDescription = {
  code: "UNAVAILABLE",
  message: "cannot complete the request: the database is busy or away; try again in 2 s",
  retryAfterSeconds: 2,
};

/** Says any error to the outside; what nobody foresaw becomes INTERNAL and tells nothing. */
export function describeError(error: unknown): ErrorDescription {
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (cause instanceof AppError) {
    const { code, message, retryAfterSeconds } = cause;
    return retryAfterSeconds === undefined
      ? { code, message }
      : { code, message, retryAfterSeconds };
  }
  if (awayFaultOf(cause) !== undefined) return databaseAway;
  if (error instanceof TRPCError) {
    const code = fromTrpc[error.code] ?? "INTERNAL";
    if (code === "INVALID_INPUT" && cause instanceof z.ZodError) return describeIssues(cause);
    if (cause instanceof SyntaxError) {
      return { code, message: "cannot read the input: it is not JSON" };
    }
    if (code !== "INTERNAL") return { code, message: `cannot take the call: ${error.message}` };
  }
  return {
    code: "INTERNAL",
    message: "cannot complete the request: the server failed; try again, then tell the operator",
  };
}

function describeIssues(error: z.ZodError): ErrorDescription {
  const issues = error.issues.map((issue) => ({
    path: issue.path.map((part) => (typeof part === "number" ? part : String(part))),
    message: issue.message,
  }));
  const told = issues.map(({ path, message }) => `${path.join(".") || "input"} ${message}`);
  return {
    code: "INVALID_INPUT",
    message: `cannot accept the input: ${told.join("; ")}`,
    issues,
  };
}

export function toTrpcCode(code: AppErrorCode): TRPC_ERROR_CODE_KEY {
  return transportCodes[code].trpc;
}

export function toHttpStatus(code: AppErrorCode): number {
  return transportCodes[code].http;
}

export function toErrorKind(code: AppErrorCode): AppErrorKind {
  return transportCodes[code].kind;
}

/** Wraps a use case's error so that tRPC gives it the right code. */
export function toTrpcError(error: AppError): TRPCError {
  return new TRPCError({
    code: toTrpcCode(error.code),
    message: error.message,
    cause: error,
  });
}

/** A JSON answer with the error envelope. */
export function toErrorResponse(error: unknown): Response {
  const description = describeError(error);
  const { code, ...rest } = description;
  const envelope: ErrorEnvelope = { error: { code, kind: toErrorKind(code), ...rest } };
  const headers = new Headers({ "cache-control": "no-store" });
  if (description.retryAfterSeconds !== undefined) {
    headers.set("retry-after", String(description.retryAfterSeconds));
  }
  return Response.json(envelope, { status: toHttpStatus(description.code), headers });
}

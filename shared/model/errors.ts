/** The closed list of errors that a request can end with. */

export const APP_ERROR_CODES = [
  "INVALID_INPUT",
  "UNAUTHORIZED",
  "TOKEN_EXPIRED",
  "TOKEN_REUSED",
  "CREDENTIALS_WRONG",
  "SECOND_FACTOR_REQUIRED",
  "SECOND_FACTOR_WRONG",
  "FORBIDDEN",
  "BANNED",
  "NOT_FOUND",
  "METHOD_NOT_ALLOWED",
  "USERNAME_TAKEN",
  "CONFLICT",
  "TOO_LARGE",
  "MEDIA_TYPE_UNSUPPORTED",
  "TOO_MANY_ATTEMPTS",
  "RATE_LIMITED",
  "BUSY",
  "WORLD_OFFLINE",
  "WORLD_FULL",
  "UNAVAILABLE",
  "INTERNAL",
] as const;

export type AppErrorCode = (typeof APP_ERROR_CODES)[number];

/** The few kinds that a client tells apart when it does not know a code. */
export const APP_ERROR_KINDS = [
  "INTENT_INVALID",
  "AUTH_REQUIRED",
  "PERMISSION_DENIED",
  "NOT_FOUND",
  "CONFLICT",
  "INVALID_STATE",
  "RATE_LIMITED",
  "UNAVAILABLE",
] as const;

export type AppErrorKind = (typeof APP_ERROR_KINDS)[number];

/** What was wrong with one field. */
export interface AppErrorIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** When trying again makes sense; becomes the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/** Ends a request with a code; the message is for people and says what to do. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: AppErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: AppErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

// What can be wrong with a database, in words that say what to do; the one reader of the driver's
// error codes.
import { LibsqlError } from "@libsql/client";

export type DatabaseErrorReason =
  | "locked"
  | "damaged"
  | "foreign"
  | "newer"
  /** A later owner has written to it. */
  | "fenced"
  /** The disk, or the bound set for the file. */
  | "full"
  /** The rights on the file or its folder, or a disk that is read-only. */
  | "denied"
  | "unreachable";

/** A database that cannot be used; its message names the place and the way out. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly reason: DatabaseErrorReason;
  /** File path or address. */
  readonly place: string;

  constructor(reason: DatabaseErrorReason, place: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
    this.place = place;
  }
}

/** Why a statement on an open database failed. */
export interface WriteFault {
  /** Whether the same statement may succeed later without anybody's help to the database. */
  passing: boolean;
  /** A later owner's record is in the way. */
  fenced: boolean;
  /** Without place: what is the matter, and for a passing one what helps. */
  text: string;
}

/** How the fault of a passing kind reads; any other is for good. */
const PASSING: Readonly<Record<string, string>> = {
  SQLITE_FULL: "the disk is full; free space on it",
  SQLITE_IOERR: "the disk reports an error; look into the system's log",
  SQLITE_READONLY: "the disk is read-only; look into the system's log",
  SQLITE_CANTOPEN: "a file cannot be opened; check rights and the number of open files",
  SQLITE_BUSY: "another process is using the file; stop that process",
  SQLITE_LOCKED: "another process is using the file; stop that process",
  SQLITE_NOMEM: "there is not enough memory",
};

/** Tells faults that pass, such as a full disk, from those that do not, such as a damaged page. */
export function writeFaultOf(error: unknown): WriteFault {
  const cause = libsqlErrorIn(error);
  if (cause === undefined) return { passing: false, fenced: false, text: textOf(error) };
  const passing = PASSING[cause.code];
  const detail = `${cause.extendedCode ?? cause.code}`;
  if (passing !== undefined)
    return { passing: true, fenced: false, text: `${passing} (${detail})` };
  const fenced = detail === "SQLITE_CONSTRAINT_TRIGGER" && cause.message.includes("fenced:");
  return { passing: false, fenced, text: cause.message };
}

/** A server that cannot be reached, or answers only that it is broken. */
const AWAY = /HTTP status 5\d\d\b/;
const AWAY_CODES: readonly unknown[] = [
  "ConnectionRefused",
  "ConnectionClosed",
  "FailedToOpenSocket",
  "ECONNREFUSED",
  "ECONNRESET",
];

/** What is the matter when a statement failed because the database is busy, full or away. */
export function awayFaultOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof LibsqlError) {
      const { passing, text } = writeFaultOf(cause);
      return passing || AWAY.test(cause.message) ? text : awayFaultOf(cause.cause);
    }
    if ("code" in cause && AWAY_CODES.includes(cause.code)) return cause.message;
    if (cause.name === "TimeoutError") return cause.message;
  }
  return undefined;
}

/** The error for people when `place` cannot be opened, made or migrated. */
export function openingErrorOf(error: unknown, place: string): DatabaseError {
  const cannot = `cannot open database ${place}`;
  const refuse = (reason: DatabaseErrorReason, text: string) =>
    new DatabaseError(reason, place, `${cannot}: ${text}`, error);
  const text = textOf(libsqlErrorIn(error) ?? error);
  // A damaged head, for which SQLite has no code of its own.
  const isHead = text.includes("unsupported file format");
  switch (isHead ? "SQLITE_CORRUPT" : codeOf(error)) {
    case "SQLITE_BUSY":
    case "SQLITE_LOCKED":
      return refuse(
        "locked",
        "another process is using it; stop that process, or give this one another folder with " +
          "TESSERA_DATA",
      );
    case "SQLITE_CORRUPT":
    case "SQLITE_NOTADB":
      return refuse(
        "damaged",
        `it is damaged or no database (${text}); nothing was changed. Put a backup in its place, ` +
          "or move the file and its -wal and -shm companions away to start empty",
      );
    case "SQLITE_FULL":
    case "ENOSPC":
    case "EDQUOT":
      return refuse("full", "the disk is full; free space on it and start again");
    case "SQLITE_READONLY":
    case "SQLITE_CANTOPEN":
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return refuse(
        "denied",
        `the file or its folder cannot be written (${text}); give this process the right to, or ` +
          "another folder with TESSERA_DATA",
      );
  }
  const advice = libsqlErrorIn(error)
    ? "check the address, the token and the rights on the file"
    : "check that the folder exists and is writable";
  return refuse("unreachable", `${text}; ${advice}`);
}

/** The same when a migration failed: what it found is not what those before it have made. */
export function migrationErrorOf(error: unknown, place: string): DatabaseError {
  const cause = libsqlErrorIn(error);
  if (cause === undefined || !["SQLITE_ERROR", "SQLITE_CONSTRAINT"].includes(cause.code)) {
    return openingErrorOf(error, place);
  }
  return new DatabaseError(
    "damaged",
    place,
    `cannot migrate database ${place}: it is not what the migrations before have made ` +
      `(${cause.message}); nothing was changed. Put a backup in its place, or move the file away ` +
      "to start empty",
    error,
  );
}

/** Whether a statement was refused by a constraint that speaks of `what`. */
export function isConstraintError(error: unknown, what: string): boolean {
  const cause = libsqlErrorIn(error);
  return cause?.code === "SQLITE_CONSTRAINT" && cause.message.includes(what);
}

function codeOf(error: unknown): string | undefined {
  const code = libsqlErrorIn(error)?.code;
  if (code !== undefined) return code;
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** The driver's error, which other libraries wrap. */
function libsqlErrorIn(error: unknown): LibsqlError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof LibsqlError) return cause;
  }
  return undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { describe, expect, test } from "bun:test";
import { LibsqlError } from "@libsql/client";
import { openingErrorOf, writeFaultOf } from "./database-error.ts";

const sqlite = (code: string, extended = code) => new LibsqlError("told so", code, extended);

describe("a database that cannot be opened", () => {
  const system = (code: string) => Object.assign(new Error("no way"), { code });
  test.each([
    [sqlite("SQLITE_BUSY"), "locked", "another process is using it; stop that process"],
    [sqlite("SQLITE_CORRUPT"), "damaged", "nothing was changed. Put a backup in its place"],
    [sqlite("SQLITE_NOTADB"), "damaged", "it is damaged or no database"],
    [sqlite("SQLITE_FULL"), "full", "the disk is full; free space on it and start again"],
    [system("ENOSPC"), "full", "the disk is full; free space on it and start again"],
    [sqlite("SQLITE_READONLY"), "denied", "the file or its folder cannot be written"],
    [system("EROFS"), "denied", "or another folder with TESSERA_DATA"],
    [system("EACCES"), "denied", "give this process the right to"],
    [sqlite("SERVER_ERROR"), "unreachable", "check the address, the token"],
    [new Error("gone"), "unreachable", "gone; check that the folder exists and is writable"],
  ] as const)("case %#", (cause, reason, text) => {
    const error = openingErrorOf(new Error("wrapped", { cause }), "here.db");
    const bare = openingErrorOf(cause, "here.db");
    expect(bare).toMatchObject({ reason, place: "here.db", cause });
    expect(bare.message).toStartWith("cannot open database here.db: ");
    expect(bare.message).toContain(text);
    if (cause instanceof LibsqlError) expect(error.message).toBe(bare.message);
  });
});

describe("a write that failed", () => {
  test.each([
    [sqlite("SQLITE_FULL"), "the disk is full; free space on it (SQLITE_FULL)"],
    [
      sqlite("SQLITE_IOERR", "SQLITE_IOERR_FSYNC"),
      "the disk reports an error; look into the system's log (SQLITE_IOERR_FSYNC)",
    ],
    [sqlite("SQLITE_READONLY"), "the disk is read-only; look into the system's log"],
  ])("may succeed later: case %#", (error, text) => {
    const fault = writeFaultOf(error);
    expect(fault).toMatchObject({ passing: true, fenced: false });
    expect(fault.text).toContain(text);
  });

  test.each([
    [sqlite("SQLITE_CORRUPT"), false],
    [sqlite("SQLITE_CONSTRAINT"), false],
    [new Error("a bug"), false],
    [new LibsqlError("fenced: x", "SQLITE_CONSTRAINT", "SQLITE_CONSTRAINT_TRIGGER"), true],
    [new LibsqlError("out of order", "SQLITE_CONSTRAINT", "SQLITE_CONSTRAINT_TRIGGER"), false],
  ])("never succeeds: case %#", (error, fenced) => {
    expect(writeFaultOf(error)).toMatchObject({ passing: false, fenced });
  });
});

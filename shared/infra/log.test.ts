import { describe, expect, test } from "bun:test";
import { createLog, type LogLevel } from "./log.ts";
import type { Mode } from "./settings.ts";

function capture(mode: Mode, level: LogLevel = "debug") {
  const lines: string[] = [];
  const log = createLog({ process: "server", mode, level, write: (line) => lines.push(line) });
  return { log, lines };
}

describe("createLog in development", () => {
  test("writes one readable line with time, level, process, message and fields", () => {
    const { log, lines } = capture("development");
    log.info("listening", { url: "http://127.0.0.1:8088", port: 8088, note: "two words" });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {4}server listening /);
    expect(lines[0]).toEndWith('url=http://127.0.0.1:8088 port=8088 note="two words"');
  });

  test("prints an error with its stack and its chain of causes", () => {
    const { log, lines } = capture("development");
    const cause = new TypeError("the disk is full");
    log.error("cannot save", { error: new Error("cannot write snapshot", { cause }) });
    expect(lines[0]).toContain("  Error: cannot write snapshot\n");
    expect(lines[0]).toContain("  because of TypeError: the disk is full\n");
    expect(lines[0]).toContain("log.test.ts");
  });

  test("a line break in a message cannot forge a second line", () => {
    const { log, lines } = capture("development");
    log.info("hello\n00:00:00.000 error server all is lost", { name: "a\nb" });
    expect(lines[0]?.split("\n")).toHaveLength(1);
  });

  test("takes braces in a message as they are", () => {
    const { log, lines } = capture("development");
    log.info("got {name}", { name: "x" });
    expect(lines[0]).toContain("got {name} name=x");
  });
});

describe("createLog in production", () => {
  test("writes one JSON object per line; fields do not overwrite the line's own", () => {
    const { log, lines } = capture("production");
    log.warning("slow", { tick: 7, level: "mine", big: 2n ** 60n, at: new Date(0) });
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      time: expect.any(String),
      level: "warning",
      process: "server",
      message: "slow",
      tick: 7,
      "field.level": "mine",
      big: "1152921504606846976",
      at: "1970-01-01T00:00:00.000Z",
    });
  });

  test("serialises errors with code and causes, and survives cycles", () => {
    const { log, lines } = capture("production");
    const error = Object.assign(new Error("outer", { cause: new Error("inner") }), { code: "E1" });
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    log.error("failed", { error, cycle });
    const line = JSON.parse(lines[0] ?? "");
    expect(line.error).toMatchObject({ name: "Error", message: "outer", code: "E1" });
    expect(line.error.cause).toMatchObject({ message: "inner" });
  });
});

describe("every log", () => {
  test.each(["development", "production"] as const)("hides secrets in %s", (mode) => {
    const { log, lines } = capture(mode);
    const jwt = "eyJhbGciOi.eyJzdWIi.c2ln";
    log.info(`called with Bearer s3cr3t-a and ${jwt}`, {
      accessToken: "s3cr3t-b",
      refreshToken: "s3cr3t-c",
      nested: { password: "s3cr3t-d", list: [{ ticket: "s3cr3t-e" }] },
      headers: { authorization: "Bearer s3cr3t-f", Cookie: "s3cr3t-g" },
      clusterSecret: "s3cr3t-h",
      error: new Error("refused Bearer s3cr3t-i"),
      ticketExpiresAt: "tomorrow",
    });
    expect(lines[0]).not.toContain("s3cr3t");
    expect(lines[0]).not.toContain(jwt);
    expect(lines[0]).toContain("tomorrow");
  });

  test("leaves out what is below its level", () => {
    const { log, lines } = capture("development", "warning");
    log.debug("a");
    log.info("b");
    log.warning("c");
    log.error("d");
    expect(lines.map((line) => line.slice(13, 20).trim())).toEqual(["warning", "error"]);
  });

  test("a child carries its parent's fields and keeps its own apart", () => {
    const { log, lines } = capture("development");
    const child = log.child({ shard: "arena:1" }).child({ player: "p" });
    child.info("joined", { tick: 3 });
    log.info("still here");
    expect(lines[0]).toEndWith("joined shard=arena:1 player=p tick=3");
    expect(lines[1]).toEndWith("still here");
  });

  test("two logs of one program do not mix", () => {
    const first = capture("development");
    const second = capture("development");
    first.log.info("one");
    second.log.info("two");
    expect([first.lines.length, second.lines.length]).toEqual([1, 1]);
  });
});

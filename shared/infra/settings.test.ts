import { describe, expect, test } from "bun:test";
import { ConfigurationError, readMode, readSettings } from "./settings.ts";

describe("readSettings", () => {
  test("gives defaults for a silent environment, frozen, and only the names asked for", () => {
    const settings = readSettings(["TESSERA_PORT", "TESSERA_DATA", "TESSERA_PUBLIC_URL"], {});
    expect(settings.TESSERA_PORT).toBe(8088);
    expect(settings.TESSERA_DATA).toBe("data");
    expect(settings.TESSERA_PUBLIC_URL).toBeUndefined();
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.keys(settings)).toEqual(["TESSERA_PORT", "TESSERA_DATA"]);
  });

  test("reads values of every form", () => {
    const settings = readSettings(
      [
        "TESSERA_PORT",
        "TESSERA_SERVER_URL",
        "TESSERA_ALLOWED_ORIGINS",
        "TESSERA_LOG_LEVEL",
        "TESSERA_LIBSQL_URL",
      ],
      {
        TESSERA_PORT: "0",
        TESSERA_SERVER_URL: "https://play.example.com/",
        TESSERA_ALLOWED_ORIGINS: "https://a.example, http://b.example:8080",
        TESSERA_LOG_LEVEL: "debug",
        TESSERA_LIBSQL_URL: "libsql://{shard}-me.turso.io",
      },
    );
    expect(settings).toEqual({
      TESSERA_PORT: 0,
      TESSERA_SERVER_URL: "https://play.example.com",
      TESSERA_ALLOWED_ORIGINS: ["https://a.example", "http://b.example:8080"],
      TESSERA_LOG_LEVEL: "debug",
      TESSERA_LIBSQL_URL: "libsql://{shard}-me.turso.io",
    });
  });

  test("treats an empty variable as not set", () => {
    expect(readSettings(["TESSERA_PORT"], { TESSERA_PORT: "" }).TESSERA_PORT).toBe(8088);
  });

  const wrong: [name: Parameters<typeof readSettings>[0][number], value: string, says: string][] = [
    ["TESSERA_PORT", "80a", "a whole number from 0 to 65535"],
    ["TESSERA_PORT", "65536", "a whole number from 0 to 65535"],
    ["TESSERA_TICK_RATE", "19", "a whole number from 20 to 60"],
    ["TESSERA_TICK_RATE", "30.5", "a whole number from 20 to 60"],
    ["TESSERA_BUS", "kafka://127.0.0.1", "local: or a redis:// or nats:// URL"],
    ["TESSERA_LOG_LEVEL", "loud", "one of debug, info, warning, error"],
    ["TESSERA_SERVER_URL", "127.0.0.1:8088", "a URL that starts with http:// or https://"],
    ["TESSERA_SHARD_PUBLIC_URL", "http://x", "a URL that starts with ws:// or wss://"],
    ["TESSERA_LIBSQL_URL", "file:x.db", "a URL that starts with http:// or https:// or libsql://"],
    ["TESSERA_ALLOWED_ORIGINS", "https://a.example/path", "a comma list of origins"],
    ["TESSERA_DATA", "  ", "any text that is not empty"],
  ];
  test.each(wrong)("%s=%s is refused with its value and what is allowed", (name, value, says) => {
    const read = () => readSettings([name], { [name]: value });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(`cannot use ${name}=${JSON.stringify(value)}: allowed is ${says}`);
  });

  test("names everything that is wrong at once, with exit code 78", () => {
    try {
      readSettings(["TESSERA_PORT", "TESSERA_TICK_RATE"], {
        TESSERA_PORT: "x",
        TESSERA_TICK_RATE: "1",
        TESSERA_PROT: "1",
      });
      throw new Error("the settings were accepted");
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      if (!(error instanceof ConfigurationError)) return;
      expect(error.exitCode).toBe(78);
      expect(error.message.split("\n")).toHaveLength(3);
      expect(error.message).toContain(
        "cannot use TESSERA_PROT: there is no such setting; did you mean TESSERA_PORT?",
      );
    }
  });

  test("an unknown name far from any known one is told to go", () => {
    expect(() => readSettings([], { TESSERA_COMPLETELY_DIFFERENT: "1" })).toThrow("remove it");
  });

  test("never prints a secret", () => {
    const read = () => readSettings(["TESSERA_CLUSTER_SECRET"], { TESSERA_CLUSTER_SECRET: "   " });
    expect(read).toThrow("TESSERA_CLUSTER_SECRET=(hidden)");
  });
});

describe("readMode", () => {
  test.each([
    [undefined, "development"],
    ["", "development"],
    ["test", "development"],
    ["production", "production"],
  ] as const)("NODE_ENV=%p is %s", (value, mode) => {
    expect(readMode({ NODE_ENV: value })).toBe(mode);
  });

  test("a mistyped one stops the start instead of opening what production closes", () => {
    expect(() => readMode({ NODE_ENV: "prodution" })).toThrow(
      'cannot use NODE_ENV="prodution": allowed is production, development or test',
    );
  });
});

import { describe, expect, test } from "bun:test";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { readClusterSecret } from "./cluster-secret.ts";
import { ConfigurationError } from "./settings.ts";

const strong = "q7Yx0Zr9mWb3Kd5TfHs1LuPv8NcJgEa2";

describe("readClusterSecret", () => {
  test("makes one in development, private to the user, and keeps it", () => {
    using folder = createTempDir();
    const data = join(folder.path, "data");
    const options = { data, configured: undefined, mode: "development" } as const;
    const secret = readClusterSecret(options);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(readClusterSecret(options)).toBe(secret);
    expect(statSync(join(data, "cluster-secret")).mode & 0o777).toBe(0o600);
    expect(readdirSync(data)).toEqual(["cluster-secret"]);
  });

  test("prefers the configured one and takes any in development", () => {
    using folder = createTempDir();
    const configured = "short";
    const mode = "development";
    expect(readClusterSecret({ data: folder.path, configured, mode })).toBe("short");
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("refuses what a header cannot carry", () => {
    for (const configured of [`${strong} x`, `${strong}é`]) {
      const options = { data: "unused", configured, mode: "development" } as const;
      expect(() => readClusterSecret(options)).toThrow("signs of ASCII, without spaces");
    }
  });

  test("production takes a strong one", () => {
    const options = { data: "unused", configured: strong, mode: "production" } as const;
    expect(readClusterSecret(options)).toBe(strong);
  });

  test.each([
    ["missing", undefined],
    ["short", "short"],
    ["repeated", "a".repeat(64)],
  ])("production refuses a %s one", (_, configured) => {
    const read = () => readClusterSecret({ data: "unused", configured, mode: "production" });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow("TESSERA_CLUSTER_SECRET");
  });

  test("a damaged file is named with its way out", () => {
    using folder = createTempDir();
    const path = join(folder.path, "cluster-secret");
    writeFileSync(path, "abc");
    const options = { data: folder.path, configured: undefined, mode: "development" } as const;
    expect(() => readClusterSecret(options)).toThrow(`${path}: it is damaged; delete the file`);
  });
});

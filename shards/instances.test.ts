// Several shards of one world under one command, as real processes.
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { serveLeases } from "./testing/paper-authority.ts";
import { ShardProcess } from "./testing/shard-process.ts";

const server = serveLeases();
afterAll(() => server[Symbol.asyncDispose]());
// It gives out leases; instances serve without anything else of a server.
const ALONE = { TESSERA_SERVER_URL: server.url };
const PRODUCTION = {
  NODE_ENV: "production",
  TESSERA_CLUSTER_SECRET: "Rk3v9xTq7LmZ2wBn5cYh8dJf4gSp6aUe",
};

/** Somebody else's server, on any port. */
function holdPort() {
  return Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
}

describe("instances", () => {
  test("each has its own port and database, and all stop in order", async () => {
    await using folder = createTempDir();
    await using shards = new ShardProcess(["--instances", "3"], {
      ...ALONE,
      TESSERA_DATA: folder.path,
    });
    await shards.says("3 instances are serving");
    const keys = ["arena:1:eu-west-1", "arena:2:eu-west-1", "arena:3:eu-west-1"];
    const addresses = keys.flatMap((key) => shards.addresses(key));
    expect(new Set(addresses).size).toBe(3);
    for (const [index, key] of keys.entries()) {
      const health = await fetch((addresses[index] ?? "").replace(/^ws(.*)game$/, "http$1health"));
      expect(await health.json()).toMatchObject({ status: "serving", shard: key });
      expect(existsSync(join(folder.path, "shards", `${key.replaceAll(":", "-")}.db`))).toBe(true);
    }
    shards.child.kill("SIGTERM");
    expect(await shards.ended()).toBe(0);
    expect(shards.output.split("shard stopped, everything saved")).toHaveLength(4);
  });

  test("one that dies is started again at its port; the others go on", async () => {
    await using folder = createTempDir();
    await using shards = new ShardProcess(["--instances", "2"], {
      ...ALONE,
      TESSERA_DATA: folder.path,
    });
    await shards.says("2 instances are serving");
    const other = shards.processOf("arena:1:eu-west-1");
    process.kill(shards.processOf("arena:2:eu-west-1"), "SIGKILL");
    await until("the next one", () => shards.addresses("arena:2:eu-west-1").length === 2);
    expect(new Set(shards.addresses("arena:2:eu-west-1")).size).toBe(1);
    expect(shards.processOf("arena:1:eu-west-1")).toBe(other);
    expect(shards.output).toContain("arena:2:eu-west-1 ended with code 137; it starts again in");
  });

  test("when the command is killed, its instances stop by themselves", async () => {
    await using folder = createTempDir();
    await using shards = new ShardProcess(["--instances", "2"], {
      ...ALONE,
      TESSERA_DATA: folder.path,
    });
    await shards.says("2 instances are serving");
    const processes = [1, 2].map((instance) => shards.processOf(`arena:${instance}:eu-west-1`));
    shards.child.kill("SIGKILL");
    await until("the end of the instances", () =>
      processes.every((pid) => !existsSync(`/proc/${pid}`)),
    );
  });

  // Several gateways of one shard share its port; those of two shards never do.
  test.each(["0", "1", "3"])(
    "a taken port means a later one, each its own; gateways: %s",
    async (gateways) => {
      await using folder = createTempDir();
      const holder = holdPort();
      const { port = 0 } = holder;
      await using shards = new ShardProcess(["--instances", "3"], {
        ...ALONE,
        TESSERA_DATA: folder.path,
        TESSERA_SHARD_PORT: String(port),
        TESSERA_GATEWAYS: gateways,
      });
      await shards.says("3 instances are serving");
      await holder.stop(true);
      const ports = [1, 2, 3].map((instance) => {
        const [address = ""] = shards.addresses(`arena:${instance}:eu-west-1`);
        return Number(new URL(address).port);
      });
      expect(new Set([port, ...ports]).size).toBe(4);
      expect(Math.min(...ports)).toBeGreaterThan(port);
    },
  );

  test("in production a taken port stops all with 78 and says which", async () => {
    await using folder = createTempDir();
    const holder = holdPort();
    const { port = 0 } = holder;
    await using shards = new ShardProcess(["--instances", "2"], {
      ...ALONE,
      ...PRODUCTION,
      TESSERA_DATA: folder.path,
      TESSERA_SHARD_PORT: String(port - 1),
    });
    expect(await shards.ended()).toBe(78);
    await holder.stop(true);
    expect(shards.output).toContain(`cannot listen on 127.0.0.1:${port}: the port is taken`);
    expect(shards.output).toContain(
      "cannot start instances: shard arena:2:eu-west-1 refused its configuration, see above",
    );
  });

  test("{instance} in the public address stands for each one's number", async () => {
    await using folder = createTempDir();
    await using shards = new ShardProcess(["--instances", "2"], {
      ...ALONE,
      TESSERA_DATA: folder.path,
      TESSERA_SHARD_PUBLIC_URL: "wss://play.example.com:777{instance}/game",
    });
    await shards.says("2 instances are serving");
    expect([1, 2].flatMap((instance) => shards.addresses(`arena:${instance}:eu-west-1`))).toEqual([
      "wss://play.example.com:7771/game",
      "wss://play.example.com:7772/game",
    ]);
  });

  const refused: [string, readonly string[], Record<string, string>, string][] = [
    ["no number", ["--instances", "many"], {}, "--instances must be a whole number from 1 to 256"],
    ["none", ["--instances", "0"], {}, "--instances must be a whole number from 1 to 256"],
    [
      "both flags",
      ["--instances", "2", "--instance", "1"],
      {},
      "--instance and --instances exclude each other",
    ],
    [
      "one public address for all",
      ["--instances", "2"],
      { TESSERA_SHARD_PUBLIC_URL: "wss://play.example.com/game" },
      "TESSERA_SHARD_PUBLIC_URL=wss://play.example.com/game would send all players to one",
    ],
    [
      "too few ports",
      ["--instances", "2"],
      { TESSERA_SHARD_PORT: "65535" },
      "they take the ports from TESSERA_SHARD_PORT=65535 up, and there is none above 65535",
    ],
    ["a wrong setting", ["--instances", "2"], { TESSERA_TICK_RATE: "90" }, "TESSERA_TICK_RATE"],
  ];
  test.each(refused)("%s ends it with 78 and the reason", async (_, flags, environment, text) => {
    await using folder = createTempDir();
    await using shards = new ShardProcess(flags, {
      ...ALONE,
      TESSERA_DATA: folder.path,
      ...environment,
    });
    expect(await shards.ended()).toBe(78);
    expect(shards.output).toContain(text);
  });
});

// `bun start` as a user runs it: real processes, free ports, a data folder of its own.
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prefixLines } from "#shared/infra/supervision/prefix-lines.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { ROOT } from "../bootstrap.ts";

type Settings = Readonly<Record<string, string>>;

class Start implements AsyncDisposable {
  readonly #folder = createTempDir();
  readonly child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  output = "";
  readonly #read: Promise<unknown>;

  constructor(settings: Settings = {}, launcher: readonly string[] = []) {
    this.child = Bun.spawn([...launcher, process.execPath, "run", "scripts/start.ts"], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TESSERA_DATA: join(this.#folder.path, "data"),
        TESSERA_PORT: "0",
        TESSERA_SHARD_PORT: "0",
        TESSERA_BOTS: "1",
        ...settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const add = (line: string) => {
      this.output += `${line}\n`;
    };
    this.#read = Promise.all([
      prefixLines(this.child.stdout, "", add),
      prefixLines(this.child.stderr, "", add),
    ]);
  }

  async says(text: string | RegExp): Promise<void> {
    await until(`"${text}" from bun start, which said:\n${this.output}`, () =>
      typeof text === "string" ? this.output.includes(text) : text.test(this.output),
    );
  }

  /** The exit code, once all output is there. */
  async ended(): Promise<number> {
    const code = await this.child.exited;
    await this.#read;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGTERM");
    await this.child.exited;
    this.#folder[Symbol.dispose]();
  }
}

/** Processes whose parent is `pid`, by their command lines. */
function listChildren(pid: number): { pid: number; command: string }[] {
  const isChild = new RegExp(`\\) \\w ${pid} `);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isChild.test(readProc(name, "stat")))
    .map((name) => ({
      pid: Number(name),
      command: readProc(name, "cmdline").replaceAll("\0", " "),
    }));
}

function readProc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

async function findChild(start: Start, part: string): Promise<number> {
  return await until(`the process of ${part}`, () => {
    return listChildren(start.child.pid).find(({ command }) => command.includes(part))?.pid;
  });
}

describe("bun start", () => {
  test("comes up, answers, and stops in order with one signal told twice", async () => {
    await using start = new Start();
    await start.says(/bots \| .*join/);
    const url = /play +(http:\S+)\/play/.exec(start.output)?.[1];
    expect((await fetch(`${url}/health`)).status).toBe(200);
    start.child.kill("SIGINT");
    start.child.kill("SIGINT");
    expect(await start.ended(), start.output).toBe(0);
    expect(start.output).toContain("stopped, everything saved");
    const shardStopped = start.output.indexOf("shard stopped, everything saved");
    expect(shardStopped).toBeGreaterThan(0);
    expect(start.output.indexOf("server has stopped")).toBeGreaterThan(shardStopped);
  });

  test("starts what dies again, at the same address", async () => {
    await using start = new Start({ TESSERA_BOTS: "0" });
    await start.says("Tessera is running");
    const arena = /shard is serving shard=arena:1:eu-west-1 address=(ws:\S+)/g;
    const addresses = () => [...start.output.matchAll(arena)].map(([, url]) => url);
    const servers = () => [...start.output.matchAll(/ url=(http:\S+)/g)].map(([, url]) => url);
    process.kill(await findChild(start, "--world arena"), "SIGKILL");
    await until("the next shard", () => addresses().length > 1);
    process.kill(await findChild(start, "server/main.ts"), "SIGKILL");
    await until("the next server", () => servers().length > 1);
    expect(new Set(addresses()).size).toBe(1);
    expect(new Set(servers()).size).toBe(1);
  });

  test("a wrong setting ends it with 78 and what is allowed", async () => {
    await using start = new Start({ TESSERA_BOTS: "many" });
    expect(await start.ended()).toBe(78);
    expect(start.output).toContain(
      'cannot use TESSERA_BOTS="many": allowed is a whole number from 0 to 5000',
    );
  });

  test("a wrong setting of one process ends all with 78", async () => {
    await using start = new Start({ TESSERA_TICK_RATE: "1000" });
    expect(await start.ended()).toBe(78);
    expect(start.output).toContain('cannot use TESSERA_TICK_RATE="1000"');
    expect(start.output).toContain("server has stopped");
  });

  test("when it is killed, its processes notice and stop by themselves", async () => {
    await using start = new Start({ TESSERA_BOTS: "0" });
    await start.says("Tessera is running");
    const children = listChildren(start.child.pid);
    expect(children.map(({ command }) => /\w+\/main\.ts/.exec(command)?.[0]).sort()).toEqual([
      "server/main.ts",
      "shards/main.ts",
      "shards/main.ts",
      "shards/main.ts",
    ]);
    start.child.kill("SIGKILL");
    await until("the end of all processes", () =>
      children.every(({ pid }) => !existsSync(`/proc/${pid}`)),
    );
  });

  test("when the npm above it is killed, it stops everything in order", async () => {
    using folder = createTempDir();
    const npm = join(folder.path, "npm");
    writeFileSync(npm, '#!/bin/sh\n"$@" &\nwait\n', { mode: 0o755 });
    await using start = new Start({ TESSERA_BOTS: "0" }, [npm]);
    await start.says("Tessera is running");
    start.child.kill("SIGKILL");
    await start.ended();
    expect(start.output).toContain("npm is gone");
    expect(start.output).toContain("stopped, everything saved");
  });
});

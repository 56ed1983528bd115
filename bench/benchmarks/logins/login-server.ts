import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnServer } from "../../../server/testing/server-process.ts";

/** What became of many attempts at once, again and again. */
export interface StormFigures {
  /** So often all came at once. */
  readonly rounds: number;
  /** Attempts whose password was looked at. */
  readonly checked: number;
  /** Attempts that were told to come again. */
  readonly refused: number;
  /** Of those that were looked at. */
  readonly longestMs: number;
}

/** Attempts with a password, or without one, of which nothing is looked at. */
export type StormKind = "logins" | "calls";

export interface Storm {
  readonly kind: StormKind;
  readonly attempts: number;
  readonly seconds: number;
  /** Between the beginnings of two rounds, at least. */
  readonly roundMs: number;
}

type Sum = { -readonly [Name in keyof StormFigures]: number };

/** A server of its own, on a folder that goes with it, at which many log in at once. */
export class LoginServer implements AsyncDisposable {
  readonly #server: ReturnType<typeof spawnServer>;
  readonly #folder: string;
  readonly #url: string;
  #attempts = 0;

  private constructor(server: ReturnType<typeof spawnServer>, folder: string, url: string) {
    this.#server = server;
    this.#folder = folder;
    this.#url = new URL("/api/auth/log-in", url).href;
  }

  static async start(): Promise<LoginServer> {
    const folder = mkdtempSync(join(tmpdir(), "tessera-logins-"));
    const { HOME } = process.env;
    const settings = { TESSERA_DATA: folder, TESSERA_LOG_LEVEL: "error" };
    const server = spawnServer({ ...(HOME !== undefined && { HOME }), ...settings });
    return new LoginServer(server, folder, await server.ready);
  }

  /** So many attempts at once, and again once all are answered, until the time is over. */
  async storm({ kind, attempts, seconds, roundMs }: Storm): Promise<StormFigures> {
    const endMs = performance.now() + seconds * 1_000;
    const sum: Sum = { rounds: 0, checked: 0, refused: 0, longestMs: 0 };
    while (performance.now() < endMs) {
      const nextMs = performance.now() + roundMs;
      sum.rounds += 1;
      await Promise.all(Array.from({ length: attempts }, () => this.#attempt(kind, sum)));
      await Bun.sleep(Math.max(0, Math.min(nextMs, endMs) - performance.now()));
    }
    return sum;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** An unknown name costs the server as much as a known one. */
  async #attempt(kind: StormKind, sum: Sum): Promise<void> {
    this.#attempts += 1;
    const startMs = performance.now();
    const password = kind === "logins" ? { password: "correct horse" } : {};
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: `player${this.#attempts}`, ...password }),
    });
    await response.text();
    const { status } = response;
    if (kind === "calls" && status === 400) return;
    if (kind === "logins" && status === 429) {
      sum.refused += 1;
    } else if (kind === "logins" && status === 401) {
      sum.checked += 1;
      sum.longestMs = Math.max(sum.longestMs, performance.now() - startMs);
    } else {
      throw new Error(`cannot measure: a login is answered with ${status}`);
    }
  }
}

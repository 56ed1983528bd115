import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnServer } from "../../../server/testing/server-process.ts";

/** What became of a storm. */
export interface StormFigures {
  /** Attempts whose password was looked at. */
  readonly checked: number;
  /** Attempts that were told to come again. */
  readonly refused: number;
  /** Of those that were looked at. */
  readonly longestMs: number;
}

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
  async storm({ attempts, seconds }: { attempts: number; seconds: number }): Promise<StormFigures> {
    const endMs = performance.now() + seconds * 1_000;
    const sum = { checked: 0, refused: 0, longestMs: 0 };
    while (performance.now() < endMs) {
      await Promise.all(Array.from({ length: attempts }, () => this.#attempt(sum)));
    }
    return sum;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** An unknown name costs the server as much as a known one. */
  async #attempt(sum: { checked: number; refused: number; longestMs: number }): Promise<void> {
    this.#attempts += 1;
    const startMs = performance.now();
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: `player${this.#attempts}`, password: "correct horse" }),
    });
    await response.text();
    if (response.status === 429) {
      sum.refused += 1;
    } else if (response.status === 401) {
      sum.checked += 1;
      sum.longestMs = Math.max(sum.longestMs, performance.now() - startMs);
    } else {
      throw new Error(`cannot measure: a login is answered with ${response.status}`);
    }
  }
}

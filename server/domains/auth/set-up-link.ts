import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { eq } from "drizzle-orm";
import { players } from "#shared/infra/db/schema/control.ts";
import type { ControlDatabase } from "../../deps.ts";

/**
 * The way to the first administrator: a token that only whoever sees the server's output knows. It
 * lives in memory, so each start without an administrator makes another one.
 */
export class SetUpLink {
  #hash: Buffer | undefined;

  /** A new token, in the place of any before; undefined when there is an administrator. */
  async open({ orm }: ControlDatabase): Promise<string | undefined> {
    const [admin] = await orm
      .select({ id: players.id })
      .from(players)
      .where(eq(players.role, "admin"))
      .limit(1);
    if (admin !== undefined) return undefined;
    const token = randomBytes(32).toString("base64url");
    this.#hash = hash(token);
    return token;
  }

  accepts(token: string): boolean {
    return this.#hash !== undefined && timingSafeEqual(this.#hash, hash(token));
  }

  close(): void {
    this.#hash = undefined;
  }
}

function hash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Gets the player into the world and back in, and says how it stands. */
import { GoodbyeReason } from "#proto/frame_pb.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Client } from "../index.ts";
import type { SessionGoodbye, SessionStatus } from "../sdk/session-types.ts";

/** What the page shows over the scene. */
export type ConnectionState =
  | { readonly kind: "joining" }
  | { readonly kind: "playing" }
  /** Heals by itself. */
  | { readonly kind: "away"; readonly sinceMs: number; readonly reason?: string }
  /** Waits for the player's own wish to come back. */
  | { readonly kind: "stopped"; readonly message: string; readonly action: string };

/** What a connection needs of a session, in whichever world. */
export interface ConnectedSession {
  readonly status: SessionStatus;
  on(name: "status", handler: () => void): () => void;
  on(name: "goodbye", handler: (goodbye: SessionGoodbye) => void): () => void;
  leave(): Promise<void>;
}

export interface ConnectionOptions<Joined extends ConnectedSession> {
  readonly client: Pick<Client, "restore" | "guest" | "player" | "logOut" | "api">;
  readonly clock: Clock;
  /** For a new player. */
  readonly displayName: string;
  /** For a player who is known already; null keeps the name. */
  readonly rename: string | null;
  /** Into the world. */
  join(): Promise<Joined>;
  onState(state: ConnectionState): void;
  onSession(session: Joined): void;
}

/** Milliseconds before the second attempt to join; doubles up to the most. */
const RETRY_MS = 500;
const RETRY_MS_MAX = 5_000;

/** Keeps one session alive; call `start` once. */
export class Connection<Joined extends ConnectedSession> {
  readonly #options: ConnectionOptions<Joined>;
  #awaySinceMs: number | null = null;
  #retryMs = RETRY_MS;
  #renamed = false;
  #session: Joined | null = null;
  #goodbye: { reason: GoodbyeReason; message: string } | null = null;
  /** Of the latest start; earlier ones give up. */
  #attempt = 0;

  constructor(options: ConnectionOptions<Joined>) {
    this.#options = options;
  }

  /** Joins, and keeps trying until it has worked. */
  async start(): Promise<void> {
    const { client, clock, displayName } = this.#options;
    this.#attempt += 1;
    const attempt = this.#attempt;
    if (this.#awaySinceMs === null) this.#options.onState({ kind: "joining" });
    try {
      if (client.player === null && (await client.restore()) === null) {
        await client.guest({ displayName });
      }
      const { rename } = this.#options;
      if (rename !== null && !this.#renamed && client.player?.displayName !== rename) {
        await this.rename(rename);
      }
      this.#renamed = true;
      const session = await this.#options.join();
      if (attempt !== this.#attempt) {
        await session.leave();
        return;
      }
      this.#retryMs = RETRY_MS;
      this.#follow(session);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#away(serverWord(error)?.message);
      clock.schedule(this.#retryMs, () => {
        if (attempt === this.#attempt) void this.start();
      });
      this.#retryMs = Math.min(RETRY_MS_MAX, this.#retryMs * 2);
    }
  }

  #follow(session: Joined): void {
    this.#goodbye = null;
    this.#session = session;
    session.on("goodbye", (goodbye) => {
      this.#goodbye = goodbye;
    });
    session.on("status", () => this.#onStatus(session));
    this.#options.onSession(session);
    this.#onStatus(session);
  }

  #onStatus(session: Joined): void {
    if (session !== this.#session) return;
    if (session.status === "closed") {
      this.#stopped();
    } else if (session.status === "playing") {
      this.#awaySinceMs = null;
      this.#goodbye = null;
      this.#options.onState({ kind: "playing" });
    } else {
      this.#away();
    }
  }

  #away(reason?: string): void {
    this.#awaySinceMs ??= this.#options.clock.monotonicMs();
    const told = reason === undefined ? {} : { reason };
    this.#options.onState({ kind: "away", sinceMs: this.#awaySinceMs, ...told });
  }

  #stopped(): void {
    this.#awaySinceMs = null;
    const reason = this.#goodbye?.reason;
    if (reason === GoodbyeReason.REPLACED) {
      const message = "You are playing in another window.";
      this.#options.onState({ kind: "stopped", message, action: "Play here" });
    } else if (reason === GoodbyeReason.REVOKED) {
      const message = "You were logged out.";
      this.#options.onState({ kind: "stopped", message, action: "Play as a guest" });
    } else {
      const message = this.#goodbye?.message ?? "The session has ended.";
      this.#options.onState({ kind: "stopped", message, action: "Join again" });
    }
  }

  /** The player's wish to come back after `stopped`. */
  async restart(): Promise<void> {
    const revoked = this.#goodbye?.reason === GoodbyeReason.REVOKED;
    this.#goodbye = null;
    // The tokens of a revoked session are worth nothing any more.
    if (revoked) await this.#options.client.logOut().catch(() => undefined);
    await this.start();
  }

  /** Leaves and joins anew; the join says where. */
  async rejoin(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#awaySinceMs = null;
    this.#attempt += 1;
    this.#options.onState({ kind: "joining" });
    await session?.leave();
    await this.start();
  }

  /** Takes another name; everyone in the world sees it at once. */
  async rename(displayName: string): Promise<void> {
    const { client } = this.#options;
    await client.api.players.rename.mutate({ displayName });
    await client.restore();
  }
}

/** A server's refusal, as tRPC's client throws it. */
export interface ServerWord {
  readonly message: string;
  /** E.g. `NOT_FOUND`. */
  readonly code: string;
}

/** What the server said to a request that it refused; undefined when it was not reached. */
export function serverWord(error: unknown): ServerWord | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (!("data" in at) || typeof at.data !== "object" || at.data === null) continue;
    const code = "code" in at.data ? String(at.data.code) : "";
    return { message: at.message, code };
  }
  return undefined;
}

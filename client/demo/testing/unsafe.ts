/** A client and sessions of which a test uses a small part, in place of the whole. */
import type { Client, ClientPlayer } from "../../index.ts";
import type { Session, SessionGoodbye, SessionStatus } from "../../sdk/session-types.ts";

type Handler = (event: unknown) => void;

/** A session whose fate the test decides. */
export class FatedSession {
  status: SessionStatus = "playing";
  readonly #handlers = new Map<string, Handler[]>();
  readonly #calls: string[];

  constructor(calls: string[]) {
    this.#calls = calls;
  }

  on(name: string, handler: Handler): () => void {
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler]);
    return () => undefined;
  }

  change(status: SessionStatus): void {
    this.status = status;
    for (const handler of this.#handlers.get("status") ?? []) handler(status);
  }

  end(goodbye: SessionGoodbye): void {
    for (const handler of this.#handlers.get("goodbye") ?? []) handler(goodbye);
    this.change("closed");
  }

  async leave(): Promise<void> {
    this.#calls.push("leave");
    this.change("closed");
  }
}

/** The doubles and what has been asked of them. */
export function connectionDoubles(stored: string | null) {
  const calls: string[] = [];
  const sessions: FatedSession[] = [];
  let failures = 0;
  let player: ClientPlayer | null = null;
  const named = (displayName: string): ClientPlayer => {
    player = { id: "1", username: null, displayName, role: "player", guest: true };
    return player;
  };
  const client = {
    get player() {
      return player;
    },
    restore: async () => {
      calls.push("restore");
      if (player === null && stored !== null) named(stored);
      return player;
    },
    guest: async ({ displayName }: { displayName: string }) => {
      calls.push(`guest ${displayName}`);
      return named(displayName);
    },
    logOut: async () => {
      calls.push("logOut");
      player = null;
    },
    join: async (world: string, { viewport }: { viewport: { width: number; height: number } }) => {
      calls.push(`join ${world} ${viewport.width}x${viewport.height}`);
      failures -= 1;
      if (failures >= 0) throw new Error("cannot join arena: the server is away");
      const session = new FatedSession(calls);
      sessions.push(session);
      return session as unknown as Session;
    },
    api: {
      players: {
        rename: {
          mutate: async ({ displayName }: { displayName: string }) => {
            calls.push(`rename ${displayName}`);
            named(displayName);
          },
        },
      },
    },
  };
  return {
    client: client as unknown as Client,
    calls,
    sessions,
    failJoins: (count: number) => {
      failures = count;
    },
  };
}

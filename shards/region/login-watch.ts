// Logins whose end ends a game session: learned of within seconds, whatever was lost on the way.
//
// The bus tells of an end at once, once. This asks: the server numbers the ends, so "all after the
// last that I know" misses none, however long either side was away. What it cannot tell is whether
// a login had ended before it let somebody in here, by a ticket that was just given or a resume
// after a restart; so each login that enters is asked about once, by name.
import type { Log } from "#shared/infra/log.ts";
import {
  ENDED_ASKED_MAX,
  type EndedSessions,
  type EndedSessionsInput,
} from "#shared/model/auth.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";

/** Between two questions. With one answer that does not come, an end is known within 5 s. */
export const LOGINS_ASK_MS = 2_000;
/** After a question that was not answered. */
export const LOGINS_RETRY_MS = 500;

/** Whoever knows which logins have ended; a call that rejects was not answered. */
export interface LoginAuthority {
  listEnded(input: EndedSessionsInput): Promise<EndedSessions>;
}

export interface LoginWatchOptions {
  readonly authority: LoginAuthority;
  readonly clock: Clock;
  readonly log: Log;
  /** All logins that let somebody in who is here now. */
  readonly present: () => Iterable<{ playerId: string; loginId: string }>;
  /** Told at least once for each login that was here and ended. */
  readonly ended: (login: { playerId: string; loginId: string; reason: string }) => void;
}

/** Asks for as long as it is not stopped. */
export class LoginWatch {
  readonly #options: LoginWatchOptions;
  /** Logins nobody was asked about yet: no more than players that came since the last answer. */
  readonly #unasked = new Map<string, string>();
  #cursor: number | null = null;
  #cancel: CancelTimer = () => undefined;
  #stopped = false;
  #isAway = false;

  constructor(options: LoginWatchOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** A login let a player in. */
  entered(playerId: string, loginId: string): void {
    this.#unasked.set(loginId, playerId);
  }

  async #ask(): Promise<void> {
    const { authority, clock, log } = this.#options;
    const asked = [...this.#unasked.entries()].slice(0, ENDED_ASKED_MAX);
    const sessions = asked.map(([sessionId, playerId]) => ({ sessionId, playerId }));
    let waitMs = LOGINS_RETRY_MS;
    try {
      const answer = await authority.listEnded({ since: this.#cursor, sessions });
      if (this.#stopped) return;
      for (const { sessionId } of sessions) this.#unasked.delete(sessionId);
      this.#learn(answer);
      waitMs = answer.more || this.#unasked.size > 0 ? 0 : LOGINS_ASK_MS;
      if (this.#isAway) log.info("the server says again which logins have ended");
      this.#isAway = false;
    } catch (error) {
      if (this.#stopped) return;
      if (!this.#isAway) {
        log.warning("cannot learn which logins have ended; their players go on until it answers", {
          reason: error instanceof Error ? error.message : String(error),
        });
      }
      this.#isAway = true;
    }
    this.#cancel = clock.schedule(waitMs, () => void this.#ask());
  }

  #learn({ cursor, missed, ended }: EndedSessions): void {
    this.#cursor = cursor;
    for (const { playerId, sessionId, reason } of ended) {
      this.#options.ended({ playerId, loginId: sessionId, reason });
    }
    if (!missed) return;
    // The server has forgotten ends that this shard was not told of, or lives on from a backup.
    for (const { playerId, loginId } of this.#options.present()) this.entered(playerId, loginId);
  }
}

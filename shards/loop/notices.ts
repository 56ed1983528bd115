import { NoticeKind } from "#proto/frame_pb.ts";
import type { LoopOutput } from "./messages.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { StorageState } from "./storage-health.ts";

/** Clients told in one tick, so that news to all of them are no burst. */
const TOLD_PER_TICK = 1_024;
/** Announcements that are still on their way to somebody; one more ends the oldest. */
const ANNOUNCEMENTS_MAX = 8;

const KINDS: Readonly<Record<StorageState, NoticeKind>> = {
  well: NoticeKind.RECOVERED,
  slow: NoticeKind.STORAGE_SLOW,
  stalled: NoticeKind.STORAGE_STALLED,
};

const MESSAGES: Readonly<Record<StorageState, string>> = {
  well: "All is well again.",
  slow: "The shard's database is slow: play on; scores and results come late, none is lost.",
  stalled: "The shard's database does not answer: the world stands still until it does.",
};

/** Tells clients how the shard's database is, at each change and after their welcome. */
export class Notices {
  readonly #sessions: Sessions;
  readonly #output: LoopOutput;
  /** Whether a session's welcome is out. */
  readonly #isWelcomed: (session: Session) => boolean;
  #state: StorageState = "well";
  #tick = 0;
  /** Sessions that are still to be told of the last change. */
  #untold: Iterator<Session> | undefined;
  readonly #announcements: { message: string; untold: Iterator<Session> }[] = [];

  constructor(options: {
    sessions: Sessions;
    output: LoopOutput;
    isWelcomed: (session: Session) => boolean;
  }) {
    this.#sessions = options.sessions;
    this.#output = options.output;
    this.#isWelcomed = options.isWelcomed;
  }

  /** Once a tick; `tick` is the last finished one. */
  tell(state: StorageState, tick: number): void {
    this.#tick = tick;
    if (state !== this.#state) {
      this.#state = state;
      this.#untold = this.#sessions.all();
    }
    let told = 0;
    for (; this.#untold !== undefined && told < TOLD_PER_TICK; told++) {
      const { done, value } = this.#untold.next();
      if (done === true) this.#untold = undefined;
      else if (this.#isThere(value)) this.#notify(value);
    }
    for (let next = this.#announcements[0]; next !== undefined && told < TOLD_PER_TICK; told++) {
      const { done, value } = next.untold.next();
      if (done === true) {
        this.#announcements.shift();
        next = this.#announcements[0];
      } else if (this.#isThere(value)) {
        this.#send(value, NoticeKind.ANNOUNCEMENT, next.message);
      }
    }
  }

  /** Words for everybody who is there, from the next tick on. */
  announce(message: string): void {
    if (this.#announcements.length === ANNOUNCEMENTS_MAX) this.#announcements.shift();
    this.#announcements.push({ message, untold: this.#sessions.all() });
  }

  /** The session's welcome is out. */
  welcomed(session: Session): void {
    session.noticed = "well";
    this.#notify(session);
  }

  #notify(session: Session): void {
    const state = this.#state;
    if (session.noticed === state) return;
    session.noticed = state;
    this.#send(session, KINDS[state], MESSAGES[state]);
  }

  #isThere(session: Session): boolean {
    return session.connection !== 0 && this.#isWelcomed(session);
  }

  #send({ connection }: Session, notice: NoticeKind, message: string): void {
    this.#output.control({ kind: "notice", connection, notice, message, tick: this.#tick });
  }
}

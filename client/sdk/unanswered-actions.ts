import { type ActionResult, RejectionReason } from "#proto/frame_pb.ts";
import { ACTION_ID_BYTES } from "#shared/net/protocol.ts";
import type { Clock } from "#shared/time/clock.ts";
import { ActionError, refusal } from "./action-error.ts";
import type { ActionOutcome } from "./session-types.ts";

/** Durable actions without an answer; a further one is turned away. */
const UNANSWERED_MAX = 32;
/** After this long without an answer it is sent again over the same connection. */
const RESEND_MS = 5_000;
/**
 * So long after it was sent first it is not sent again: a shard forgets answers after an hour, and
 * would do it a second time.
 */
const RESEND_MS_MAX = 1_800_000;

interface Unanswered<Message> {
  readonly name: string;
  readonly actionId: Uint8Array;
  readonly message: Message;
  readonly outcome: PromiseWithResolvers<ActionOutcome>;
  /** When it was sent over the present connection. */
  sentMs: number | undefined;
  /** When it was sent first, by both clocks; undefined: never. */
  first: { readonly monotonicMs: number; readonly wallMs: number } | undefined;
}

/** Sends an action by the next sequence. */
export type SendAction<Message> = (action: Message, actionId: Uint8Array) => void;

/**
 * The durable actions whose outcome is not known yet. Each keeps its id and is sent again over
 * every new connection, and when an answer is overdue: the shard does it once, answers each time.
 * After half an hour, which a machine may have slept through, its outcome stays unknown.
 */
export class UnansweredActions<Message> {
  readonly #clock: Clock;
  readonly #randomBytes: (length: number) => Uint8Array;
  readonly #byId = new Map<string, Unanswered<Message>>();
  /** At which shard the session is. */
  #shardKey = "";
  #closed = false;

  constructor(options: { clock: Clock; randomBytes: (length: number) => Uint8Array }) {
    this.#clock = options.clock;
    this.#randomBytes = options.randomBytes;
  }

  /** Takes an action, called so for people; it goes out with the next `send`. */
  add(
    name: string,
    message: Message,
    actionId = this.#randomBytes(ACTION_ID_BYTES),
  ): Promise<ActionOutcome> {
    if (actionId.length !== ACTION_ID_BYTES) {
      const reason = `actionId has ${actionId.length} bytes; give it ${ACTION_ID_BYTES} or none`;
      return Promise.reject(new RangeError(`cannot ${name}: ${reason}`));
    }
    const known = this.#byId.get(keyOf(actionId));
    if (known !== undefined) return known.outcome.promise;
    if (this.#closed) {
      const why = `cannot ${name}: the session is closed; join again`;
      return Promise.reject(new ActionError(why, { problem: "closed", actionId }));
    }
    if (this.#byId.size >= UNANSWERED_MAX) {
      const crowd = `${UNANSWERED_MAX} actions wait for answers; await some first`;
      const why = `cannot ${name}: ${crowd}`;
      return Promise.reject(new ActionError(why, { problem: "crowded", actionId }));
    }
    const unanswered: Unanswered<Message> = {
      name,
      actionId: actionId.slice(),
      message,
      outcome: Promise.withResolvers<ActionOutcome>(),
      sentMs: undefined,
      first: undefined,
    };
    this.#byId.set(keyOf(actionId), unanswered);
    return unanswered.outcome.promise;
  }

  /** Sends what is due, in the order in which it was added. */
  send(nowMs: number, send: SendAction<Message>): void {
    for (const unanswered of this.#byId.values()) {
      const { sentMs, message, actionId } = unanswered;
      if (sentMs !== undefined && nowMs - sentMs < RESEND_MS) continue;
      if (this.#isTooOld(unanswered)) {
        this.#byId.delete(keyOf(actionId));
        giveUp(unanswered, "no answer came for half an hour; look whether it was");
        continue;
      }
      unanswered.sentMs = nowMs;
      unanswered.first ??= { monotonicMs: nowMs, wallMs: this.#clock.wallMs() };
      send(message, actionId);
    }
  }

  /**
   * A new connection: what the old one carried may be lost. At another shard all has another
   * meaning, and what was done at the one before would be done once more.
   */
  reconnected(shardKey: string): void {
    if (shardKey !== this.#shardKey) {
      for (const unanswered of this.#byId.values()) {
        giveUp(unanswered, "the session went on at another shard; look there before you try again");
      }
      this.#byId.clear();
    }
    this.#shardKey = shardKey;
    for (const unanswered of this.#byId.values()) unanswered.sentMs = undefined;
  }

  /** The shard's answer; one that nobody waits for is ignored. */
  answered({ actionId, reason, tick }: ActionResult): void {
    const unanswered = this.#byId.get(keyOf(actionId));
    if (unanswered === undefined) return;
    this.#byId.delete(keyOf(actionId));
    const { name, outcome } = unanswered;
    if (reason === RejectionReason.UNSPECIFIED) {
      outcome.resolve({ actionId: unanswered.actionId, tick });
    } else outcome.reject(refusal(name, { actionId: unanswered.actionId, reason }));
  }

  /** The session is over: no answer will come. */
  close(): void {
    this.#closed = true;
    for (const unanswered of this.#byId.values()) {
      const why =
        unanswered.first === undefined
          ? "the session closed before it was sent; join again"
          : "the session closed before the answer; perform it again by its actionId in another " +
            "session";
      giveUp(unanswered, why);
    }
    this.#byId.clear();
  }

  /** The one clock may stand still while the machine sleeps, the other may be set back. */
  #isTooOld({ first }: Unanswered<Message>): boolean {
    if (first === undefined) return false;
    const { monotonicMs, wallMs } = first;
    const ageMs = this.#clock.monotonicMs() - monotonicMs;
    return Math.max(ageMs, this.#clock.wallMs() - wallMs) >= RESEND_MS_MAX;
  }
}

function giveUp(unanswered: Unanswered<unknown>, why: string): void {
  const { name, actionId, outcome, first } = unanswered;
  const cannot = first === undefined ? `cannot ${name}` : `cannot tell whether ${name} was done`;
  const problem = first === undefined ? "closed" : "unknown";
  outcome.reject(new ActionError(`${cannot}: ${why}`, { problem, actionId }));
}

function keyOf(actionId: Uint8Array): string {
  return String.fromCharCode(...actionId);
}

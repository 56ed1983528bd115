import { INPUT_LEAD_TICKS_MAX } from "#shared/net/protocol.ts";
import type { ConnectionId } from "./connection-id.ts";
import type { PlayerCommand } from "./messages.ts";
import type { Session } from "./sessions.ts";

export interface QueuedCommand {
  session: Session;
  /** The connection it came over; it is void when another has taken over. */
  connection: ConnectionId;
  message: PlayerCommand;
}

const SLOTS = INPUT_LEAD_TICKS_MAX + 1;
/** With 12,000 clients at 60 a second: all that they say in a third of a second. */
const COMMANDS_MAX = 262_144;

/**
 * Commands that wait for the tick in which the client has predicted them. One that comes too late
 * goes into the next tick, one from too far ahead into the last that is allowed; a player's
 * commands keep their order. At the bound a command is dropped and counted; the next one carries
 * on, and the client reconciles.
 */
export class CommandQueue {
  readonly #slots: QueuedCommand[][] = Array.from({ length: SLOTS }, () => []);
  readonly #lengthMax: number;
  #length = 0;
  /** Commands dropped at the bound since the start. */
  droppedTotal = 0;

  constructor(lengthMax = COMMANDS_MAX) {
    this.#lengthMax = lengthMax;
  }

  /** Queues a command, or drops it: false. `nextTick` is the tick that will run next. */
  push(session: Session, message: PlayerCommand, nextTick: number): boolean {
    if (this.#length >= this.#lengthMax) {
      this.droppedTotal += 1;
      return false;
    }
    const latest = nextTick + INPUT_LEAD_TICKS_MAX;
    const wanted = Math.max(message.tick, session.commandTick, nextTick);
    const tick = Math.min(wanted, latest);
    session.commandTick = tick;
    const { connection } = session;
    this.#slots[tick % SLOTS]?.push({ session, connection, message });
    this.#length += 1;
    return true;
  }

  /** Hands out the commands of `tick`, in order of arrival, and forgets them. */
  release(tick: number, apply: (command: QueuedCommand) => void): void {
    const slot = this.#slots[tick % SLOTS];
    if (slot === undefined) return;
    for (const command of slot) apply(command);
    this.#length -= slot.length;
    slot.length = 0;
  }
}

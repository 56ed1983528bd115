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

/**
 * Commands that wait for the tick in which the client has predicted them. One that comes too late
 * goes into the next tick, one from too far ahead into the last that is allowed; a player's
 * commands keep their order. Its length is bounded by the gateways' message rate.
 */
export class CommandQueue {
  readonly #slots: QueuedCommand[][] = Array.from({ length: SLOTS }, () => []);

  /** Queues a command; `nextTick` is the tick that will run next. */
  push(session: Session, message: PlayerCommand, nextTick: number): void {
    const latest = nextTick + INPUT_LEAD_TICKS_MAX;
    const wanted = Math.max(message.tick, session.commandTick, nextTick);
    const tick = Math.min(wanted, latest);
    session.commandTick = tick;
    const { connection } = session;
    this.#slots[tick % SLOTS]?.push({ session, connection, message });
  }

  /** Hands out the commands of `tick`, in order of arrival, and forgets them. */
  release(tick: number, apply: (command: QueuedCommand) => void): void {
    const slot = this.#slots[tick % SLOTS];
    if (slot === undefined) return;
    for (const command of slot) apply(command);
    slot.length = 0;
  }
}

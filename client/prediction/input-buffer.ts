/** Commands that may wait for their acknowledgement; at 60 a second that is four seconds. */
const LENGTH_MAX = 256;

/** A command at its place: its number, and the tick in which it is to be applied. */
export interface Numbered {
  readonly sequence: number;
  readonly tick: number;
}

/** The player's commands that the shard has not acknowledged yet, in their order. */
export class InputBuffer<Command extends Numbered> {
  #commands: Command[] = [];

  get length(): number {
    return this.#commands.length;
  }

  /** Beyond its bound the oldest goes: an acknowledgement that late replaces everything anyway. */
  push(command: Command): void {
    this.#commands.push(command);
    if (this.#commands.length > LENGTH_MAX) this.#commands.shift();
  }

  /** Forgets what the shard has applied or refused. */
  acknowledge(sequence: number): void {
    let done = 0;
    for (const command of this.#commands) {
      if (command.sequence > sequence) break;
      done += 1;
    }
    if (done > 0) this.#commands.splice(0, done);
  }

  /**
   * Moves what should have been applied by `tick` and was not to the tick after it, which is where
   * the shard will apply it at the earliest. Returns by how many ticks the first of it was late.
   */
  postpone(tick: number): number {
    let lateTicks = 0;
    for (const [index, command] of this.#commands.entries()) {
      if (command.tick > tick) break;
      lateTicks = Math.max(lateTicks, tick + 1 - command.tick);
      this.#commands[index] = { ...command, tick: tick + 1 };
    }
    return lateTicks;
  }

  /** What is to be applied in that tick. */
  at(tick: number): Command[] {
    return this.#commands.filter((command) => command.tick === tick);
  }

  clear(): void {
    this.#commands = [];
  }
}

import { expect } from "bun:test";
import type { Tick } from "#proto/frame_pb.ts";
import { WINDOWS_MAX } from "#shared/net/cell-bytes.ts";
import type { ArenaMirror } from "./arena-mirror.ts";
import { ArenaWatcher, cellOf, describeEvent } from "./arena-watcher.ts";

/** Takes one client's tick frames and holds what they make it know against the truth. */
export class FrameChecker {
  readonly watcher = new ArenaWatcher();
  readonly #truth: ArenaMirror;
  readonly #name: string;
  readonly #intervalTicks: number;
  /** Frames so many intervals after the one before; first, those that start anew. */
  readonly windows: number[] = new Array<number>(WINDOWS_MAX + 1).fill(0);
  /** Players who were seen, summed over all frames. */
  seen = 0;
  #tick = 0;

  constructor(options: { name: string; truth: ArenaMirror; intervalTicks: number }) {
    this.#name = options.name;
    this.#truth = options.truth;
    this.#intervalTicks = options.intervalTicks;
  }

  take(frame: Tick): void {
    const truth = this.#truth;
    expect(frame.tick, "tick of the frame").toBe(truth.tick);
    this.#countWindow(frame);
    const before = new Set(frame.reset ? [] : this.watcher.cells);
    if (!frame.reset) this.#checkGone(frame);
    this.watcher.apply(frame, truth.parameters);
    const { cells, mismatches, players } = this.watcher;
    expect(this.watcher.view(), `what ${this.#name} knows`).toEqual(truth.view(cells));
    expect(mismatches, `mismatches of ${this.#name}`).toBe(0);
    this.#checkEvents(frame, before.intersection(cells));
    this.#tick = frame.tick;
    this.seen += players.size;
  }

  #countWindow({ tick, reset }: Tick): void {
    const window = reset ? 0 : (tick - this.#tick) / this.#intervalTicks;
    if (this.#tick === 0) expect(reset, "the first frame starts anew").toBe(true);
    expect(
      this.windows.map((_, each) => each),
      `send intervals between frames of ${this.#name}`,
    ).toContain(window);
    this.windows[window] = (this.windows[window] ?? 0) + 1;
  }

  /** Nobody is told to be gone from where it was not known to be. */
  #checkGone({ cells }: Tick): void {
    for (const { cell, gone } of cells) {
      for (const id of gone) {
        const player = this.watcher.players.get(id);
        const known = player && cellOf(player, this.#truth.parameters);
        expect(known, `cell in which ${this.#name} knew ${id}`).toBe(cell);
      }
    }
  }

  #checkEvents(frame: Tick, cells: ReadonlySet<number>): void {
    const told = frame.cells.flatMap(({ arenaEvents }) => arenaEvents);
    const lines = told.map(({ event }) => describeEvent(event)).sort();
    expect(lines, `what ${this.#name} sees happen`).toEqual(
      this.#truth.events(cells, this.#tick).sort(),
    );
  }
}

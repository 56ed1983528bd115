import { expect } from "bun:test";
import { ArenaView } from "#shared/net/arena-view.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readTickFrame } from "#shared/net/tick-reader.ts";
import type { ArenaMirror } from "./arena-mirror.ts";
import { describeSeen } from "./arena-watcher.ts";

/** The client's own reading of tick frames, held against the truth at each of them. */
export class ViewChecker {
  readonly #truth: ArenaMirror;
  readonly #view: ArenaView;
  readonly #frame = new TickFrame();
  /** Who is there as a listener has it. */
  readonly #present = new Set<number>();

  constructor(truth: ArenaMirror) {
    const idOf = (row: number) => this.#view.entities.id[row] ?? 0;
    this.#truth = truth;
    this.#view = new ArenaView(truth.parameters, {
      added: (row) => {
        expect(this.#present.has(idOf(row))).toBe(false);
        this.#present.add(idOf(row));
      },
      moved: (row) => expect(this.#present.has(idOf(row))).toBe(true),
      recorded: (row) => expect(this.#present.has(idOf(row))).toBe(true),
      forgotten: (row) => expect(this.#present.delete(idOf(row))).toBe(true),
    });
  }

  take(bytes: Uint8Array): void {
    expect(readTickFrame(bytes, this.#frame), "a tick frame").toBe(true);
    this.#view.apply(this.#frame);
    const { watched, mismatches, entities } = this.#view;
    const known = Array.from({ length: entities.count }, (_, row) => this.#describe(row)).sort();
    expect(known, "what the client's view knows").toEqual(this.#truth.view(watched));
    expect(mismatches, "mismatches of the client's view").toBe(0);
    expect(this.#present, "who is there").toEqual(new Set(entities.id.slice(0, entities.count)));
  }

  #describe(row: number): string {
    const { id, x, y, pose, wounds, score, name } = this.#view.entities;
    return describeSeen(id[row] ?? 0, {
      name: name[row] ?? "",
      x: x[row] ?? 0,
      y: y[row] ?? 0,
      pose: pose[row] ?? 0,
      wounds: wounds[row] ?? 0,
      score: score[row] ?? 0,
    });
  }
}

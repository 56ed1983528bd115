import { setText } from "../../hud/elements.ts";
import { make } from "../../hud/make.ts";
import { GOALS_SHOWN, type Goals, listGoals } from "../play/goals.ts";

/** The next things to do, in a corner. */
export class GoalList {
  readonly root: HTMLElement;
  readonly #title = make("h3", "");
  readonly #lines: readonly HTMLLIElement[];

  constructor() {
    this.#lines = Array.from({ length: GOALS_SHOWN }, () => make("li", ""));
    this.root = make("section", "panel goals", this.#title, make("ol", "", ...this.#lines));
    this.root.setAttribute("aria-label", "Things to do");
    this.root.hidden = true;
  }

  update(goals: Goals): void {
    const next = goals.next();
    setText(this.#title, `Things to do · ${goals.doneCount} of ${listGoals().length}`);
    this.root.hidden = next.length === 0;
    for (const [index, line] of this.#lines.entries()) {
      line.hidden = next[index] === undefined;
      setText(line, next[index] ?? "");
    }
  }
}

/** What there is to do, for whoever asks: each is ticked off once and stays so. */
import { Block, BlocksKind, Item } from "#shared/sim/index.ts";
import type { BlocksDurableAction, BlocksSlot } from "../../../sdk/blocks/blocks-session-types.ts";
import type { PocketStore } from "./pockets.ts";

/** What the page notices. */
export interface Progress {
  readonly underRoof: boolean;
  readonly inventory: readonly BlocksSlot[];
}

/** What is to be done, and how, for who has not done it yet. */
const GOALS = {
  shelter: ["Find a house and step inside", "E opens doors"],
  talk: ["Talk to a villager, a trader or a guard", "E"],
  wood: ["Fell a tree", "hold the left button"],
  rock: ["Break a rock out of the mountain", "the pickaxe helps"],
  roof: ["Put a roof over something", "Q, then the right button"],
  trade: ["Buy something from a trader", "they wear purple"],
  sow: ["Dig up grass and sow it again", "Q, the seeds in your bag"],
  ore: ["Bring home ore", "it shines in the mountains"],
  brave: ["Fell a monster between the rocks", "F heals you"],
} as const;

export type Goal = keyof typeof GOALS;

const KEY = "tessera-goals";

/** Goals that are shown at once. */
export const GOALS_SHOWN = 3;

export class Goals {
  readonly #done = new Set<Goal>();
  readonly #store: PocketStore | null;
  readonly #onDone: (text: string) => void;

  constructor(store: PocketStore | null, onDone: (text: string) => void) {
    this.#store = store;
    this.#onDone = onDone;
    const kept = (store?.getItem(KEY) ?? "").split(" ");
    for (const goal of listGoals()) if (kept.includes(goal)) this.#done.add(goal);
  }

  get doneCount(): number {
    return this.#done.size;
  }

  /** The next ones, in words. */
  next(): readonly string[] {
    const open = listGoals().filter((goal) => !this.#done.has(goal));
    return open.slice(0, GOALS_SHOWN).map((goal) => {
      const [text, how] = GOALS[goal];
      return `${text} (${how})`;
    });
  }

  /** Something was done, and is in the shard's database. */
  acted(action: BlocksDurableAction): void {
    if (action.case === "interact" && "entity" in action) {
      this.#reach(action.choice === undefined ? "talk" : "trade");
    } else if (action.case === "buildPlace" && action.place.layer === 2) {
      this.#reach("roof");
    }
  }

  /** An item was used on a block. */
  used(item: number): void {
    if (item === Item.Seeds) this.#reach("sow");
  }

  /** Somebody of a kind was felled by the player. */
  felled(kind: number): void {
    if (kind === BlocksKind.Monster) this.#reach("brave");
  }

  /** How it stands now. */
  look({ underRoof, inventory }: Progress): void {
    if (underRoof) this.#reach("shelter");
    const has = (wanted: number) =>
      inventory.some(({ item, count }) => count > 0 && item === wanted);
    if (has(Block.Tree)) this.#reach("wood");
    if (has(Block.Stone)) this.#reach("rock");
    if (has(Block.Ore)) this.#reach("ore");
  }

  #reach(goal: Goal): void {
    if (this.#done.has(goal)) return;
    this.#done.add(goal);
    this.#store?.setItem(KEY, [...this.#done].join(" "));
    this.#onDone(`Done: ${GOALS[goal][0].toLowerCase()}`);
    if (this.next().length === 0) this.#onDone("All of it done: the land is yours");
  }
}

/** All of them in the order in which they are shown. */
export function listGoals(): Goal[] {
  const goals: Goal[] = [];
  for (const goal in GOALS) if (isGoal(goal)) goals.push(goal);
  return goals;
}

function isGoal(text: string): text is Goal {
  return text in GOALS;
}

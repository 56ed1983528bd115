/** How people of each kind are dressed, so that one knows them from afar. */
import { BlocksKind, isPerson } from "#shared/sim/index.ts";
import type { EntityView } from "../../../sdk/session-types.ts";
import { type CharacterLook, lookOf, type Rgb } from "../../scene/character-look.ts";
import type { Figure } from "./figures.ts";

/** Head gear by number, as character-shapes.ts has it. */
const HAT = { helm: 0, wizard: 1, hair: 2, horned: 3, hood: 4 } as const;
const WEAPON = { none: -1, sword: 0, axe: 1 } as const;

const TUNICS: readonly Rgb[] = [
  [0.62, 0.45, 0.3],
  [0.45, 0.5, 0.38],
  [0.7, 0.55, 0.42],
];

/** The look of a person; players are who their names make them. */
export function folkLook(view: EntityView, figure: Figure | undefined): CharacterLook {
  const kind = figure?.kind ?? BlocksKind.Player;
  if (kind === BlocksKind.Player) return lookOf(figure?.ownName ?? view.name);
  const own = lookOf(`${kind} ${view.id}`);
  switch (kind) {
    case BlocksKind.Trader:
      return { ...own, colour: [0.52, 0.26, 0.66], hat: HAT.wizard, weapon: WEAPON.none };
    case BlocksKind.Guard:
      return { ...own, colour: [0.22, 0.4, 0.72], hat: HAT.helm, weapon: WEAPON.sword };
    case BlocksKind.Monster:
      return {
        ...own,
        colour: [0.36, 0.12, 0.16],
        skin: [0.45, 0.6, 0.32],
        hat: HAT.horned,
        weapon: WEAPON.axe,
      };
    default: {
      const tunic = TUNICS[view.id % TUNICS.length] ?? own.colour;
      return { ...own, colour: tunic, hat: HAT.hair, weapon: WEAPON.none };
    }
  }
}

/** Colour of a name. */
export function nameColour(figure: Figure | undefined): string {
  if (figure?.self) return "#ffe27a";
  switch (figure?.kind) {
    case BlocksKind.Trader:
      return "#e3b3ff";
    case BlocksKind.Guard:
      return "#9fd0ff";
    case BlocksKind.Monster:
      return "#ff9182";
    case BlocksKind.Villager:
      return "#d9e8c4";
    default:
      return "#ffffff";
  }
}

/** Whether it is drawn as a person. */
export function isFolk(figure: Figure | undefined): figure is Figure {
  if (figure === undefined) return false;
  const { kind } = figure;
  return kind === BlocksKind.Player || kind === BlocksKind.Monster || isPerson(kind);
}

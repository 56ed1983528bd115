import type { Outcome, PlayerEffects } from "#shared/sim/index.ts";

/** What a tick did to players, for the loop to act on; valid until the next step. */
export interface WorldEffects {
  readonly joined: readonly { playerId: string; entity: number }[];
  /** The world is full: these joins found no room. */
  readonly refused: readonly { playerId: string }[];
  /** Players who left, with what is to be kept of them. */
  readonly departed: readonly { playerId: string; entity: number; state: Uint8Array }[];
  readonly rejections: readonly Outcome[];
  /** Durable actions that were done, with an unspecified reason, or refused. */
  readonly outcomes: readonly Outcome[];
  /** Whose own commands changed something that lasts; one may be there twice. */
  readonly earners: readonly number[];
  readonly kills: readonly { killerId: string; victimId: string }[];
}

/** What the rules of all worlds tell of a tick. */
export interface StepEffects<Player> extends PlayerEffects<Player> {
  readonly deaths: readonly { readonly entity: number; readonly killer: number }[];
}

/** What a world brings to the telling of its effects. */
export interface EffectRules<Player> {
  writePlayer(player: Player): Uint8Array;
  /** Empty for who is no player. */
  playerOf(entity: number): string;
}

/** Before the first step. */
export const NO_EFFECTS: WorldEffects = {
  joined: [],
  refused: [],
  departed: [],
  rejections: [],
  outcomes: [],
  earners: [],
  kills: [],
};

/** The effects of a tick of any world; `earners` did lasting things beside durable actions. */
export function tellEffects<Player>(
  rules: EffectRules<Player>,
  effects: StepEffects<Player>,
  { refused, earners }: { refused: WorldEffects["refused"]; earners: readonly number[] },
): WorldEffects {
  const { joined, departed, rejections, outcomes, deaths } = effects;
  return {
    joined,
    refused: [...refused, ...effects.refused],
    departed: departed.map(({ playerId, entity, player }) => {
      return { playerId, entity, state: rules.writePlayer(player) };
    }),
    rejections,
    outcomes,
    earners: [...earners, ...outcomes.map(({ entity }) => entity)],
    kills: deaths.flatMap(({ entity, killer }) => {
      const victimId = rules.playerOf(entity);
      const killerId = rules.playerOf(killer);
      return victimId === "" || killerId === "" ? [] : [{ killerId, victimId }];
    }),
  };
}

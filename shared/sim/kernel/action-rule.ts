import type { RejectionReason } from "#proto/frame_pb.ts";

/** One deliberate action of a player; `row` is the player's and always holds an entity. */
export interface ActionRule<World, Value> {
  /**
   * True for an action that changes what lasts: it carries an id, is done once however often it is
   * sent, and its outcome, good or bad, is told once that is in the shard's database.
   */
  readonly durable: boolean;
  /** Why the action is refused now, or null when it may be applied; changes nothing. */
  check(world: World, row: number, value: Value): RejectionReason | null;
  /** Does it; only called right after `check` has returned null. */
  apply(world: World, row: number, value: Value): void;
}

/** The rule of each action of a world; one without its rule does not compile. */
export type ActionRules<World, Values> = {
  readonly [Case in keyof Values]: ActionRule<World, Values[Case]>;
};

/** What each action carries, by its name; of the `oneof` that a message has them in. */
export type ActionValues<Known extends { readonly case: string; readonly value: unknown }> = {
  readonly [Each in Known as Each["case"]]: Each["value"];
};

type ActionOf<Values, Case extends keyof Values> = {
  readonly [Each in Case]: { readonly case: Each; readonly value: Values[Each] };
}[Case];

/** The way in which a world does an action of the player in a row, or says why not. */
export function actionApplier<World, Values>(rules: ActionRules<World, Values>) {
  return <Case extends keyof Values>(
    world: World,
    row: number,
    action: ActionOf<Values, Case>,
  ): RejectionReason | null => {
    const rule: ActionRules<World, Values>[Case] = rules[action.case];
    const reason = rule.check(world, row, action.value);
    if (reason === null) rule.apply(world, row, action.value);
    return reason;
  };
}

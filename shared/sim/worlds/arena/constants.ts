// What is the same in every arena. Lengths are in tenths of a unit, so that all of it is integer.

/** Tenths in a unit; positions count tenths. */
export const ARENA_UNIT = 10;

/** Tenths per second and axis: 96 units. */
export const ARENA_SPEED = 960;

export const ARENA_HEALTH_MAX = 100;

/** How far a strike reaches, as the crow flies: 48 units. */
export const ARENA_ATTACK_RANGE = 480;

/** How far behind the attacker a strike still hits, for someone right above or below: 8 units. */
export const ARENA_ATTACK_BEHIND = 80;

export const ARENA_ATTACK_DAMAGE = 20;

/** An attacker stands still for this long. */
export const ARENA_ATTACK_DURATION_MS = 1000;

/** From the start of an attack to the earliest next one. */
export const ARENA_ATTACK_COOLDOWN_MS = 1000;

/** From a death to the return. */
export const ARENA_RESPAWN_DELAY_MS = 3000;

export const ARENA_SCORE_PER_HIT = 1;

/** On top of the point for the hit that killed. */
export const ARENA_SCORE_PER_KILL = 10;

/** Respawn credits of one who is new here. */
export const ARENA_CREDITS_START = 3;

/** For a kill; at the bound it earns none. */
export const ARENA_CREDITS_PER_KILL = 1;

/** Most that one player may have. */
export const ARENA_CREDITS_MAX = 99;

export const ARENA_TICK_RATE_MIN = 20;
export const ARENA_TICK_RATE_MAX = 60;

/** Units on a side of the world; above it they no longer fit the 16 bits of the legacy wire. */
export const ARENA_SIDE_MAX = 0xffff;

/** Cells that a world may be cut into; each send tick has a word for each of them. */
export const ARENA_CELLS_MAX = 16_384;

/** Units; a strike then touches at most a cell and its neighbours. */
export const ARENA_CELL_SIZE_MIN = ARENA_ATTACK_RANGE / ARENA_UNIT;

assertRelations();

function assertRelations(): void {
  const stepMax = Math.ceil(ARENA_SPEED / ARENA_TICK_RATE_MIN);
  const relations: readonly (readonly [holds: boolean, text: string])[] = [
    [ARENA_HEALTH_MAX <= 0xff, "health fits its 8-bit column"],
    [ARENA_CREDITS_MAX <= 0xff, "credits fit their 8-bit column"],
    [ARENA_CREDITS_START <= ARENA_CREDITS_MAX, "nobody begins with more credits than allowed"],
    [ARENA_ATTACK_DAMAGE <= ARENA_HEALTH_MAX, "one strike takes at most the whole health"],
    [ARENA_ATTACK_BEHIND <= ARENA_ATTACK_RANGE, "a strike reaches no farther back than forward"],
    [ARENA_ATTACK_DURATION_MS <= ARENA_ATTACK_COOLDOWN_MS, "an attack ends before the next starts"],
    [ARENA_ATTACK_DURATION_MS * ARENA_TICK_RATE_MIN >= 1000, "an attack takes at least one tick"],
    [ARENA_RESPAWN_DELAY_MS * ARENA_TICK_RATE_MIN >= 1000, "death takes at least one tick"],
    [stepMax < ARENA_CELL_SIZE_MIN * ARENA_UNIT, "nobody crosses a whole cell in one tick"],
  ];
  for (const [holds, text] of relations) {
    if (!holds) throw new Error(`cannot load arena: its constants break the rule "${text}"`);
  }
}

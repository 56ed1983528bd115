import type { Random } from "#shared/sim/index.ts";
import type { ArenaView, EntityView } from "../sdk/session-types.ts";

/** What a bot does until its next thought. */
export interface Decision {
  dx: number;
  dy: number;
  /** Turn this way first; null keeps the side. */
  face: boolean | null;
  attack: boolean;
  /** Pay to live again at once, if that can be paid. */
  respawn: boolean;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** What it is up to. */
type Goal =
  | { readonly kind: "walk"; readonly to: Place; readonly untilMs: number }
  | { readonly kind: "rest"; readonly untilMs: number }
  | { readonly kind: "fight"; readonly target: number; readonly untilMs: number }
  | { readonly kind: "flee"; readonly from: number; readonly untilMs: number };

/** Units; a strike reaches 48. */
const STRIKE_DISTANCE = 40;
/** How far it sees someone worth a fight. */
const SIGHT = 280;
const NEAR = 8;
/** Distance that it keeps from the world's edge. */
const EDGE = 60;
/** It starts no fight with someone whom it has not had in sight for so long. */
const COURTESY_MS = 15_000;
/** Of a hundred deaths, those that it does not want to wait out. */
const IMPATIENCE = 30;
/** One in so many walks leads far away. */
const JOURNEYS = 3;

/**
 * A player with simple wishes: to be somewhere else, to look around, and now and then to fight
 * whoever is near. It knows what the screen shows and nothing more.
 */
export class Mind {
  readonly #random: Random;
  readonly #world: { readonly width: number; readonly height: number };
  /** 0 to 99: how easily it starts a fight. */
  readonly #temper: number;
  #goal: Goal = { kind: "rest", untilMs: 0 };
  /** Since when it has had whom in sight. */
  #seenSinceMs = new Map<number, number>();
  #peaceUntilMs = 0;
  /** When it will pay to live again; undefined while alive, infinite when it waits. */
  #respawnMs: number | undefined;

  constructor(options: { random: Random; world: { width: number; height: number } }) {
    this.#random = options.random;
    this.#world = options.world;
    this.#temper = options.random.below(100);
  }

  /** For tests and the curious. */
  get goal(): Goal["kind"] {
    return this.#goal.kind;
  }

  /** Someone hit it. */
  wasHit(attacker: number, nowMs: number): void {
    if (this.#goal.kind === "fight" && this.#goal.target === attacker) return;
    const untilMs = nowMs + this.#between(2_000, 6_000);
    const brave = this.#random.below(100) < 40 + this.#temper / 2;
    this.#goal = brave
      ? { kind: "fight", target: attacker, untilMs }
      : { kind: "flee", from: attacker, untilMs: nowMs + this.#between(1_000, 3_000) };
  }

  think(view: ArenaView, nowMs: number): Decision {
    const { self } = view;
    this.#look(view, nowMs);
    if (self === null || self.state === "dead") {
      this.#goal = { kind: "rest", untilMs: nowMs + this.#between(200, 1_200) };
      return { ...still(), respawn: self !== null && this.#isImpatient(nowMs) };
    }
    this.#respawnMs = undefined;
    if (nowMs >= this.#goal.untilMs) this.#goal = this.#nextGoal(self, nowMs);
    if (this.#goal.kind === "walk" || this.#goal.kind === "rest") this.#lookForFight(view, nowMs);
    switch (this.#goal.kind) {
      case "rest":
        return still();
      case "walk":
        return this.#walk(self, this.#goal.to, nowMs);
      case "fight":
        return this.#fight(self, find(view, this.#goal.target), nowMs);
      case "flee":
        return this.#flee(self, find(view, this.#goal.from));
    }
  }

  /** Once for a death at most, and not before it has seen that it fell. */
  #isImpatient(nowMs: number): boolean {
    this.#respawnMs ??=
      this.#random.below(100) < IMPATIENCE ? nowMs + this.#between(500, 1_500) : Infinity;
    if (nowMs < this.#respawnMs) return false;
    this.#respawnMs = Infinity;
    return true;
  }

  #nextGoal(self: Place, nowMs: number): Goal {
    if (this.#goal.kind === "fight") this.#peaceUntilMs = nowMs + this.#between(4_000, 15_000);
    if (this.#goal.kind === "walk" && this.#random.below(100) < 45) {
      return { kind: "rest", untilMs: nowMs + this.#between(400, 2_500) };
    }
    const to = this.#random.below(JOURNEYS) === 0 ? this.#farPlace() : this.#nearPlace(self);
    return { kind: "walk", to, untilMs: nowMs + this.#between(3_000, 9_000) };
  }

  #look(view: ArenaView, nowMs: number): void {
    const since = new Map<number, number>();
    for (const { id } of view.others) since.set(id, this.#seenSinceMs.get(id) ?? nowMs);
    this.#seenSinceMs = since;
  }

  /** Whoever has just come gets the time to find their feet. */
  #isStranger(id: number, nowMs: number): boolean {
    return nowMs - (this.#seenSinceMs.get(id) ?? nowMs) < COURTESY_MS;
  }

  #lookForFight(view: ArenaView, nowMs: number): void {
    if (nowMs < this.#peaceUntilMs || this.#random.below(1_000) >= 10 + this.#temper) return;
    const { self } = view;
    if (self === null) return;
    let nearest: EntityView | undefined;
    for (const other of view.others) {
      if (other.state === "dead" || distance(self, other) > SIGHT) continue;
      if (this.#isStranger(other.id, nowMs)) continue;
      if (nearest === undefined || distance(self, other) < distance(self, nearest)) nearest = other;
    }
    if (nearest === undefined) return;
    const untilMs = nowMs + this.#between(4_000, 9_000);
    this.#goal = { kind: "fight", target: nearest.id, untilMs };
  }

  #walk(self: EntityView, to: Place, nowMs: number): Decision {
    const decision = towards(self, to);
    if (decision.dx === 0 && decision.dy === 0) this.#goal = this.#nextGoal(self, nowMs);
    return decision;
  }

  #fight(self: EntityView, target: EntityView | undefined, nowMs: number): Decision {
    if (target === undefined || target.state === "dead" || distance(self, target) > SIGHT * 1.5) {
      this.#goal = this.#nextGoal(self, nowMs);
      return still();
    }
    if (distance(self, target) > STRIKE_DISTANCE) return towards(self, target);
    const face = target.x >= self.x;
    return { ...still(), face: face === self.facingRight ? null : face, attack: true };
  }

  #flee(self: EntityView, from: EntityView | undefined): Decision {
    if (from === undefined) return still();
    const away = { x: self.x * 2 - from.x, y: self.y * 2 - from.y };
    return towards(self, { x: this.#inside(away.x, "width"), y: this.#inside(away.y, "height") });
  }

  #farPlace(): Place {
    const { width, height } = this.#world;
    return { x: this.#between(EDGE, width - EDGE), y: this.#between(EDGE, height - EDGE) };
  }

  #nearPlace(self: Place): Place {
    return {
      x: this.#inside(self.x + this.#between(-350, 350), "width"),
      y: this.#inside(self.y + this.#between(-250, 250), "height"),
    };
  }

  #inside(value: number, axis: "width" | "height"): number {
    return Math.max(EDGE, Math.min(this.#world[axis] - EDGE, value));
  }

  #between(least: number, most: number): number {
    return least + this.#random.below(Math.max(1, Math.floor(most - least)));
  }
}

function still(): Decision {
  return { dx: 0, dy: 0, face: null, attack: false, respawn: false };
}

function towards(self: Place, to: Place): Decision {
  const wayX = to.x - self.x;
  const wayY = to.y - self.y;
  const dx = Math.abs(wayX) > NEAR ? Math.sign(wayX) : 0;
  const dy = Math.abs(wayY) > NEAR ? Math.sign(wayY) : 0;
  return { ...still(), dx, dy };
}

function distance(from: Place, to: Place): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

function find(view: ArenaView, id: number): EntityView | undefined {
  return view.others.find((other) => other.id === id);
}

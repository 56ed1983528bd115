/** How a player moves: walk, swing, flinch, fall and rise, from what the session says. */
import type { EntityView } from "../../sdk/session-types.ts";
import { mix, smoothStep } from "./noise.ts";
import { combine, createPlacement, createTransform, place, type Transform } from "./transform.ts";

/** Parts that move on their own, in the order of the transforms. */
export const PART = {
  body: 0,
  head: 1,
  leftHand: 2,
  weaponHand: 3,
  leftFoot: 4,
  rightFoot: 5,
  weapon: 6,
} as const;
const PART_COUNT = 7;

/** Seconds that a struck player glows. */
const FLASH_SECONDS = 0.22;
/** Seconds from a death to the moment at which nothing is left on the ground. */
const FADE_START_SECONDS = 1.5;
const FADE_SECONDS = 0.9;
const POP_SECONDS = 0.45;
/** Radians of a step's swing for each second of walking. */
const STEP_RATE = 12.5;

export interface CharacterMotion {
  yaw: number;
  /** -1: weapon toward the camera while facing right, 1: while facing left. */
  side: number;
  stride: number;
  /** 0 standing to 1 walking. */
  walking: number;
  seconds: number;
  attackSeconds: number;
  deadSeconds: number;
  aliveSeconds: number;
  flashSeconds: number;
  state: EntityView["state"];
  alpha: number;
  readonly parts: readonly Transform[];
}

/** What changed in a frame and is worth an effect. */
export interface MotionChange {
  readonly attacked: boolean;
  readonly died: boolean;
  readonly rose: boolean;
  readonly stepped: boolean;
}

const root = createTransform();
const local = createTransform();
const placement = createPlacement();

/** A motion that starts from what is seen first. */
export function createMotion(view: EntityView, phase: number): CharacterMotion {
  return {
    yaw: targetYaw(view),
    side: view.facingRight ? -1 : 1,
    stride: phase,
    walking: 0,
    seconds: phase,
    attackSeconds: Number.POSITIVE_INFINITY,
    // Who is dead already when coming into sight lies still.
    deadSeconds: view.state === "dead" ? FADE_START_SECONDS : 0,
    aliveSeconds: POP_SECONDS,
    flashSeconds: FLASH_SECONDS,
    state: view.state,
    alpha: 1,
    parts: Array.from({ length: PART_COUNT }, createTransform),
  };
}

/** Glows for a moment. */
export function flinch(motion: CharacterMotion): void {
  motion.flashSeconds = 0;
}

/** 1 at the moment of a hit, falling to 0. */
export function flashOf(motion: CharacterMotion): number {
  return Math.max(0, 1 - motion.flashSeconds / FLASH_SECONDS);
}

/** Goes on by `dt` seconds. */
export function advanceMotion(motion: CharacterMotion, view: EntityView, dt: number): MotionChange {
  const before = motion.state;
  motion.state = view.state;
  motion.seconds += dt;
  motion.flashSeconds += dt;
  motion.attackSeconds += dt;
  motion.aliveSeconds += dt;
  const attacked = view.state === "attacking" && before !== "attacking";
  const died = view.state === "dead" && before !== "dead";
  const rose = view.state !== "dead" && before === "dead";
  if (attacked) motion.attackSeconds = 0;
  if (rose) motion.aliveSeconds = 0;
  motion.deadSeconds = view.state === "dead" && !died ? motion.deadSeconds + dt : 0;
  const moving = view.state === "moving" && (view.dx !== 0 || view.dy !== 0);
  motion.walking = approach(motion.walking, moving ? 1 : 0, dt * 9);
  const step = Math.floor(motion.stride / Math.PI);
  if (moving) motion.stride += dt * STEP_RATE;
  const quick = rose ? 1 : 1 - Math.exp(-dt * 14);
  if (view.state !== "dead") {
    motion.yaw += shortestTurn(motion.yaw, targetYaw(view)) * quick;
    motion.side += ((view.facingRight ? -1 : 1) - motion.side) * quick;
  }
  const fading = (motion.deadSeconds - FADE_START_SECONDS) / FADE_SECONDS;
  motion.alpha = 1 - Math.max(0, Math.min(1, fading));
  const stepped = Math.floor(motion.stride / Math.PI) !== step;
  return { attacked, died, rose, stepped };
}

/** Places all parts for a player who stands at the scene point. */
export function poseParts(motion: CharacterMotion, x: number, z: number): void {
  const walk = motion.walking;
  const swing = Math.sin(motion.stride);
  const bob = Math.abs(Math.cos(motion.stride)) * 2.6 * walk;
  const breath = Math.sin(motion.seconds * 2.4) * 0.5 * (1 - walk);
  const blow = swingOf(motion.attackSeconds);
  const fall = fallOf(motion.deadSeconds);
  placeRoot(motion, { x, z, lunge: blow.lunge, fall });

  const lean = 0.14 * walk + blow.lean;
  put(motion, PART.body, { y: bob + breath * 0.4, turnX: lean, turnY: blow.twist * 0.6 });
  put(motion, PART.head, {
    y: 27.5 + bob * 1.15 + breath,
    z: Math.sin(lean) * 22,
    // A look up to the camera shows the face from above.
    turnX: lean * 0.4 + fall * 0.3 - 0.26,
    turnY: -blow.twist * 0.25,
    turnZ: swing * 0.05 * walk,
  });
  const stepLift = Math.cos(motion.stride);
  put(motion, PART.leftFoot, {
    x: 4.4,
    y: 2.6 + Math.max(0, stepLift) * 4 * walk,
    z: swing * 6 * walk,
    turnX: -stepLift * 0.35 * walk,
  });
  put(motion, PART.rightFoot, {
    x: -4.4,
    y: 2.6 + Math.max(0, -stepLift) * 4 * walk,
    z: -swing * 6 * walk,
    turnX: stepLift * 0.35 * walk,
  });
  placeHands(motion, { swing: swing * walk, bob, breath, blow });
}

interface Blow {
  /** Angle of the weapon hand around the body: 1 drawn back, -1 swung through. */
  readonly arc: number;
  /** 0 weapon held up, 1 weapon held out. */
  readonly out: number;
  readonly twist: number;
  readonly lunge: number;
  readonly lean: number;
}

/** The swing by the seconds since it began: back, through, hold, return within the second. */
function swingOf(seconds: number): Blow {
  if (seconds >= 1) return { arc: 0, out: 0, twist: 0, lunge: 0, lean: 0 };
  const through = smoothStep(0.05, 0.2, seconds);
  const drawn = smoothStep(0, 0.05, seconds);
  const back = smoothStep(0.45, 0.9, seconds);
  const arc = mix(mix(0, 1, drawn), -1, through) * (1 - back);
  const strength = drawn * (1 - back);
  return {
    arc,
    out: strength,
    twist: -arc * 0.7,
    lunge: 7 * through * (1 - smoothStep(0.3, 0.7, seconds)),
    lean: 0.22 * through * (1 - back),
  };
}

/** 0 upright to 1 on the ground, with a small bounce. */
function fallOf(deadSeconds: number): number {
  if (deadSeconds <= 0) return 0;
  const t = Math.min(1, deadSeconds / 0.42);
  const bounce = Math.sin(Math.min(1, Math.max(0, deadSeconds - 0.42) / 0.25) * Math.PI) * 0.07;
  return t * t - bounce;
}

function placeRoot(
  motion: CharacterMotion,
  at: { x: number; z: number; lunge: number; fall: number },
): void {
  const pop = Math.min(1, motion.aliveSeconds / POP_SECONDS);
  const growth = pop >= 1 ? 1 : smoothStep(0, 0.6, pop) * (1 + Math.sin(pop * Math.PI) * 0.3);
  const knock = flashOf(motion) * 2.4;
  const forward = at.lunge - at.fall * 10 - knock;
  placement.x = at.x + Math.sin(motion.yaw) * forward;
  placement.y = at.fall * 7 - (1 - motion.alpha) * 9;
  placement.z = at.z + Math.cos(motion.yaw) * forward;
  placement.turnX = -at.fall * 1.5 - flashOf(motion) * 0.2;
  placement.turnY = motion.yaw;
  placement.turnZ = 0;
  placement.scale = Math.max(0.001, growth);
  place(root, placement);
}

function placeHands(
  motion: CharacterMotion,
  at: { swing: number; bob: number; breath: number; blow: Blow },
): void {
  const { blow, swing, bob, breath } = at;
  const { side } = motion;
  const angle = side * (1.25 + blow.arc * 0.9 - blow.out * 0.35);
  const reach = 11.5 + blow.out * 3.5;
  const height = 14.5 + bob + breath + blow.out * 3;
  const hand = {
    x: Math.sin(angle) * reach,
    y: height,
    z: Math.cos(angle) * reach - side * swing * 2,
    turnY: angle,
  };
  put(motion, PART.weaponHand, hand);
  put(motion, PART.weapon, { ...hand, turnX: mix(0.5, 1.5, blow.out) });
  const restAngle = -side * (1.2 + blow.arc * 0.3);
  put(motion, PART.leftHand, {
    x: Math.sin(restAngle) * 11,
    y: 13.5 + bob + breath,
    z: Math.cos(restAngle) * 11 + side * swing * 3,
    turnY: restAngle,
  });
}

function put(
  motion: CharacterMotion,
  part: number,
  at: Partial<Record<"x" | "y" | "z" | "turnX" | "turnY" | "turnZ", number>>,
): void {
  placement.x = at.x ?? 0;
  placement.y = at.y ?? 0;
  placement.z = at.z ?? 0;
  placement.turnX = at.turnX ?? 0;
  placement.turnY = at.turnY ?? 0;
  placement.turnZ = at.turnZ ?? 0;
  placement.scale = 1;
  const out = motion.parts[part];
  if (out !== undefined) combine(out, root, place(local, placement));
}

/** Left and right stay clear from any side: up and down only bend them. */
function targetYaw(view: EntityView): number {
  const towardCamera = view.dx === 0 ? view.dy * 0.75 : view.dy * 0.45;
  const angle = 1.15 - towardCamera * 0.9;
  return view.facingRight ? angle : -angle;
}

function shortestTurn(from: number, to: number): number {
  const turn = (to - from) % (Math.PI * 2);
  if (turn > Math.PI) return turn - Math.PI * 2;
  return turn < -Math.PI ? turn + Math.PI * 2 : turn;
}

function approach(value: number, target: number, step: number): number {
  return value < target ? Math.min(target, value + step) : Math.max(target, value - step);
}

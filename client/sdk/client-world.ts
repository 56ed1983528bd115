// What a world brings to the SDK. All else of a session is the same in every world: the connection
// and its resumption, the order of commands, durable actions, prediction and its corrections, the
// three times, chat, notices and measurements. So a new world is: its types, a `ClientWorld`, its
// `Surroundings`, a `PredictedWorld`, a screen that draws them, and a class over `WorldSession`
// with what a player can do there and nowhere else.

import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { Welcome } from "#proto/frame_pb.ts";
import type { PredictedPlace, PredictedWorld } from "../prediction/predictor.ts";
import type { ControlKind } from "./controls.ts";
import type { FadeOptions } from "./correction-fade.ts";
import type { PlayerCommand, WireForm } from "./encoder.ts";
import type { ActionOutcome, CommonSessionEvents, SessionViewport } from "./session-types.ts";

/** The types of a world: what its frames hold, and what a game sees of it. */
export interface WorldTypes {
  /** Of the welcome. */
  parameters: { readonly tickRate: number };
  /** A tick's frame as it is read. */
  frame: { readonly tick: number; reset: boolean };
  /** The own player as frames tell of it. */
  self: PredictedPlace & { readonly attackReadyTick: number };
  controls: unknown;
  /** On the wire. */
  action: Message & { readonly action: { readonly case: string | undefined } };
  /** What a game asks `perform` for. */
  durable: { readonly case: string };
  /** Something that happened in sight. */
  event: unknown;
  /** Every event of a session by its name. */
  events: CommonSessionEvents<unknown>;
  /** What the surroundings have in this world only. */
  surroundings: object;
}

/** A command of a world. */
export type CommandOf<Types extends WorldTypes> = PlayerCommand<Types["controls"], Types["action"]>;

/** What is around the own player, as this client knows it. */
export interface Surroundings<Types extends WorldTypes> {
  /** Proofs of knowing a cell exactly, and how many of them failed. */
  readonly stateChecks: number;
  readonly stateMismatches: number;
  /** Takes a frame, but for what it says of the own player. */
  apply(frame: Types["frame"]): void;
  /** Of the frame just taken, in its order. */
  events(frame: Types["frame"]): Iterable<Types["event"]>;
  /** What the frame says of the own player, if anything; it is kept, so it is not used again. */
  acknowledged(
    frame: Types["frame"],
  ): { readonly sequence: number; readonly self: Types["self"] } | undefined;
  /** The own player's world of one; asked for once, at the first acknowledgement. */
  predict(): PredictedWorld<Types["self"], CommandOf<Types>>;
  /** The frame is dealt with: tells the game and the shard what followed from it. */
  tell?(): void;
  /** Another world takes its place. */
  close?(): void;
}

/** The surroundings of a certain world, with all that only this world has. */
export type SurroundingsOf<Types extends WorldTypes> = Types["surroundings"] & Surroundings<Types>;

/** Lengths are in the smallest that the world has, which is what the own player's place is in. */
export interface WorldScale extends FadeOptions {
  /** Smallest lengths in the unit that a game is told. */
  readonly unit: number;
  /** Farther than anybody gets in a tick. */
  readonly leap: number;
}

/** A world as the SDK plays it. There is one for each session, so it may have buffers. */
export interface ClientWorld<Types extends WorldTypes> {
  /** Its case in welcomes and commands. */
  readonly name: NonNullable<Welcome["world"]["case"]>;
  readonly scale: WorldScale;
  /** The size of the window unless a game gives one, and how many of the wire's units its are. */
  readonly viewport: SessionViewport;
  readonly viewportUnit: number;
  readonly controls: ControlKind<Types["controls"]>;
  readonly form: WireForm<Types["controls"], Types["action"]>;
  readonly actionSchema: DescMessage;
  messageOf(action: Types["durable"]): Types["action"];
  parametersOf(welcome: Welcome): Types["parameters"] | undefined;
  /** Undefined for bytes that are another frame; throws a `WireError` when they are none. */
  readTick(bytes: Uint8Array): Types["frame"] | undefined;
  /** Surroundings of which nothing is known yet; `send` is for what they ask of the shard. */
  open(options: {
    readonly parameters: Types["parameters"];
    readonly entityId: number;
    readonly send: (frame: Uint8Array) => void;
  }): SurroundingsOf<Types>;
  /** Whether an event is told at once, as it is about the own player. */
  concerns(event: Types["event"], entityId: number): boolean;
  /** Shows what a durable action will do, until its outcome is known. */
  foresee?(foresight: Foresight<Types>): void;
}

/** A durable action on its way, and what is known by then. */
export interface Foresight<Types extends WorldTypes> {
  readonly action: Types["durable"];
  readonly outcome: Promise<ActionOutcome>;
  readonly surroundings: SurroundingsOf<Types>;
  /** The own player; undefined before the first acknowledgement. */
  readonly own: Types["self"] | undefined;
}

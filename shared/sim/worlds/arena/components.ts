import type { ColumnSchema } from "../../kernel/entity-table.ts";

/** What the arena knows of each player. What follows from these, such as the state, is derived. */
export const arenaPlayerColumns = {
  /** Tenths of a unit, from 0 to the world's end. */
  x: "u32",
  y: "u32",
  /** Held controls, -1, 0 or 1; without effect while attacking or dead. */
  dx: "i8",
  dy: "i8",
  /** 1 or 0. */
  facingRight: "u8",
  /** 0 while dead. */
  health: "u8",
  /** Last tick of the attack in progress; 0 when there is none. */
  attackEndTick: "u32",
  /** First tick in which the next attack may start. */
  attackReadyTick: "u32",
  /** Tick of the return; 0 when alive. */
  respawnTick: "u32",
  kills: "u32",
  deaths: "u32",
  score: "u32",
  /** Respawn credits. */
  credits: "u8",
  /** Last command that was applied or rejected. */
  sequence: "u32",
  playerId: "string",
  name: "string",
} as const satisfies ColumnSchema;

// What a run of this peer may vary. The defaults are the form that was cheapest for Colyseus; the
// other forms stay so that anyone can see that they are not better.
import { parseArgs } from "node:util";
import { SIDE_UNITS_MAX } from "./arena.ts";

export interface Settings {
  /** 0 takes a free one. */
  readonly port: number;
  readonly sideUnits: number;
  /** Ticks per second; each ends with a patch. */
  readonly rateHz: number;
  readonly seed: number;
  /** What clients are told of motion: changes of direction, or every position. */
  readonly motion: "directions" | "positions";
  /** How often a client's view is brought up to date. */
  readonly viewHz: number;
  readonly transport: "bun" | "ws";
}

/** The words of a command line that make settings. */
export const SETTING_OPTIONS = {
  port: { type: "string" },
  side: { type: "string" },
  rate: { type: "string" },
  seed: { type: "string" },
  motion: { type: "string" },
  "view-hz": { type: "string" },
  transport: { type: "string" },
} as const;

/** Words of a command line to settings; what is not given is as in the benchmark. */
export function readSettings(words: readonly string[], sideUnits: number): Settings {
  const { values } = parseArgs({ args: [...words], options: SETTING_OPTIONS });
  const { motion = "directions", transport = "bun" } = values;
  if (motion !== "directions" && motion !== "positions") {
    throw new Error(`cannot read --motion ${motion}: it is directions or positions`);
  }
  if (transport !== "bun" && transport !== "ws") {
    throw new Error(`cannot read --transport ${transport}: it is bun or ws`);
  }
  return {
    port: readWhole("port", values.port ?? "0", { min: 0, max: 65_535 }),
    sideUnits: readWhole("side", values.side ?? String(sideUnits), {
      min: 100,
      max: SIDE_UNITS_MAX,
    }),
    rateHz: readWhole("rate", values.rate ?? "20", { min: 10, max: 30 }),
    seed: readWhole("seed", values.seed ?? "1", { min: 1, max: 0xffff_ffff }),
    motion,
    viewHz: readWhole("view-hz", values["view-hz"] ?? "2", { min: 1, max: 30 }),
    transport,
  };
}

/** A whole number from a command line. */
export function readWhole(
  name: string,
  text: string,
  { min, max }: { min: number; max: number },
): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`cannot read --${name} ${text}: it is a whole number from ${min} to ${max}`);
}

// A process of hostile connections: attackers must not share a thread with those who measure.
import { join } from "node:path";
import { z } from "zod";
import { ATTACKS, type AttackName, SILENCES, type SilenceName } from "./attacks.ts";

const MAIN = join(import.meta.dir, "main.ts");
const ATTACK_NAMES = Object.keys(ATTACKS) as AttackName[];
const SILENCE_NAMES = Object.keys(SILENCES) as SilenceName[];

/** What the process is told. */
export const Orders = z.object({
  address: z.string(),
  seed: z.number(),
  burst: z.number(),
  /** Done several at a time, in this order. */
  attacks: z.array(z.object({ name: z.enum(ATTACK_NAMES), ticket: z.string() })),
  /** All begun at once, beside the attacks. */
  silences: z.array(z.enum(SILENCE_NAMES)),
});
export type Orders = z.infer<typeof Orders>;

/** What became of one connection. */
export const Outcome = z.object({
  name: z.string(),
  /** From the first bad byte to the end; undefined when it was not closed in time. */
  closedMs: z.number().optional(),
  code: z.number().optional(),
  frames: z.number(),
});
export type Outcome = z.infer<typeof Outcome>;

export const Outcomes = z.object({ attacks: z.array(Outcome), silences: z.array(Outcome) });
export type Outcomes = z.infer<typeof Outcomes>;

/** Lets it loose and waits until all is over. */
export async function letLoose(orders: Orders): Promise<Outcomes> {
  let outcomes: Outcomes | undefined;
  const child = Bun.spawn([process.execPath, MAIN, JSON.stringify(orders)], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message) => {
      outcomes = Outcomes.parse(message);
    },
  });
  const code = await child.exited;
  if (outcomes !== undefined) return outcomes;
  throw new Error(`cannot attack: the attackers' process ended with code ${code}`);
}

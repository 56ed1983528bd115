// What who copies a database says to the process that has it open.
import { z } from "zod";

export const HoldRequest = z.object({
  action: z.enum(["take", "renew", "release"]),
  /** Chosen by who copies; tells one hold from the next. */
  id: z.uuid(),
});
export type HoldRequest = z.infer<typeof HoldRequest>;

export const HoldAnswer = z.discriminatedUnion("held", [
  z.object({
    held: z.literal(true),
    /** Which file it is, for whoever may see another one under the same name. */
    file: z.object({ device: z.string(), inode: z.string(), bytes: z.number() }),
  }),
  z.object({ held: z.literal(false), reason: z.string() }),
]);
export type HoldAnswer = z.infer<typeof HoldAnswer>;

const ACTIONS: Readonly<Record<string, HoldRequest["action"]>> = {
  POST: "take",
  PUT: "renew",
  DELETE: "release",
};

/** `POST|PUT|DELETE /hold?id=UUID` as a request; undefined when it is none. */
export function readHoldRequest(method: string, search: string): HoldRequest | undefined {
  const id = new URLSearchParams(search).get("id");
  return HoldRequest.safeParse({ action: ACTIONS[method], id }).data;
}

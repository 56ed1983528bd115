/** JSON values that come from outside and are kept as they are. */
import { z } from "zod";

/** A stored value as JSON in UTF-8. */
const VALUE_BYTES_MAX = 16_384;
const DEPTH_MAX = 32;
/** Each takes a byte at least: more cannot be a value of that size. */
const NODES_MAX = VALUE_BYTES_MAX;

/** A JSON object that is read back as it was written. */
export const JsonObject = z
  .record(z.string(), z.unknown())
  .superRefine((value, ctx) => {
    const message = findFault(value);
    if (message !== undefined) ctx.addIssue({ code: "custom", message });
  })
  .meta({ description: "A JSON object of at most 16 KiB", examples: [{ level: 3 }] });
export type JsonObject = z.infer<typeof JsonObject>;

/**
 * What keeps a value from being JSON; whatever it is made of (one object in many places, or in
 * itself), looking at it ends after `NODES_MAX` steps.
 */
function findFault(value: unknown): string | undefined {
  const budget = { nodes: NODES_MAX };
  const fault = findFaultWithin(value, { budget, depth: 0 });
  if (fault !== undefined) return fault;
  const bytes = new TextEncoder().encode(JSON.stringify(value)).byteLength;
  if (bytes <= VALUE_BYTES_MAX) return undefined;
  return `must be at most ${VALUE_BYTES_MAX} bytes of JSON, and is ${bytes}`;
}

function findFaultWithin(
  value: unknown,
  { budget, depth }: { readonly budget: { nodes: number }; readonly depth: number },
): string | undefined {
  budget.nodes -= 1;
  if (budget.nodes < 0) return `must be at most ${VALUE_BYTES_MAX} bytes of JSON`;
  if (depth > DEPTH_MAX) return `must be at most ${DEPTH_MAX} levels deep`;
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return findNumberFault(value);
  if (!isPlain(value)) return "must be JSON: objects, lists, texts, numbers, true, false and null";
  for (const part of Object.values(value)) {
    const fault = findFaultWithin(part, { budget, depth: depth + 1 });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function findNumberFault(value: number): string | undefined {
  if (!Number.isFinite(value)) return "must not contain numbers that are too large";
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return undefined;
  return "must not contain integers beyond 2^53 - 1, which would be rounded; write them as texts";
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

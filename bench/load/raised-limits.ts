import type { BareShard } from "./bare-shard.ts";

/** Says which of a shard's limits are not the product's own, for whoever reads the figures. */
export function describeRaisedLimits({ raisedLimits }: Pick<BareShard, "raisedLimits">): string {
  const settings = Object.entries(raisedLimits).map(([name, value]) => `${name}=${value}`);
  return `Limits raised, since all players come from one address: ${settings.join(", ")}`;
}

/** What people say when they are talked to, and what feelings look like; the shard tells which. */
import { BlocksKind } from "#shared/sim/index.ts";

/** Of a trader, after a sale. */
const SOLD_LINE = 100;

const VILLAGER = [
  "Lovely day. The hens are restless, though.",
  "If you dig the grass away, it grows back where the earth is moist.",
  "My house has a roof. I hope you have one, too.",
  "They say the ore in the mountains shines at noon.",
] as const;

const LINES: ReadonlyMap<number, readonly string[]> = new Map<number, readonly string[]>([
  [BlocksKind.Villager, VILLAGER],
  [
    BlocksKind.Trader,
    [
      "Have a look, everything is fresh!",
      "Coins, please. I have enough feathers.",
      "A pickaxe breaks rock twice as fast.",
      "Fertiliser! Makes grass grow while you watch.",
    ],
  ],
  [
    BlocksKind.Guard,
    [
      "Keep the peace.",
      "There are monsters between the rocks. Keep your sword at hand.",
      "I saw you. I see everybody.",
      "Nothing to report. I like it that way.",
    ],
  ],
]);

const EMOTES = ["waves", "laughs", "dances", "cheers", "yawns", "bows"] as const;

/** Words for a line of somebody of a kind. */
export function lineOf(kind: number, line: number): string {
  if (line === SOLD_LINE) return "A pleasure. Come again!";
  const lines = LINES.get(kind) ?? VILLAGER;
  return lines[line % lines.length] ?? "…";
}

/** Words for a feeling. */
export function emoteOf(emote: number): string {
  return `* ${EMOTES[emote % EMOTES.length] ?? "waves"} *`;
}

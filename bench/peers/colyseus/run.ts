// Measures the peer: `bun run bench/peers/colyseus/run.ts --players 1000 --seconds 20 --json FILE`.
// Further words go to the server (--motion positions, --rate 10, …; see settings.ts). With
// --find-limit it looks for the most players that are held, up to --players.
import { parseArgs } from "node:util";
import { installPeer } from "./install.ts";
import { findLimit } from "./limit.ts";
import { type Measurement, measure } from "./measure.ts";
import { readWhole, SETTING_OPTIONS } from "./settings.ts";

const { values } = parseArgs({
  options: {
    ...SETTING_OPTIONS,
    players: { type: "string", default: "1000" },
    seconds: { type: "string", default: "20" },
    json: { type: "string" },
    "find-limit": { type: "boolean", default: false },
  },
});
const settings: Record<string, unknown> = values;
const words = Object.keys(SETTING_OPTIONS)
  .filter((name) => settings[name] !== undefined)
  .flatMap((name) => [`--${name}`, String(settings[name])]);
const players = readWhole("players", values.players, { min: 1, max: 8_000 });
const seconds = readWhole("seconds", values.seconds, { min: 1, max: 600 });

installPeer();
const runOnce = (count: number) => measure({ players: count, seconds, words });
const result: Measurement | undefined = values["find-limit"]
  ? await findLimit(players, runOnce, (one) => console.error(describe(one)))
  : await runOnce(players);
if (result === undefined) throw new Error("cannot find a limit: not even the fewest are held");
console.log(describe(result));
if (values.json !== undefined) {
  await Bun.write(values.json, `${JSON.stringify(result, null, 2)}\n`);
}

function describe(one: Measurement): string {
  const figures = Object.entries(one)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .map(([name, value]) => `${name} ${Number(value.toFixed(2))}`);
  return [one.isHeld ? "held" : "NOT HELD", ...figures].join(" · ");
}

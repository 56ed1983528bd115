/**
 * Entry of the page at /play. `?world=arena` or `?world=blocks` and `?name=Ada` choose the world
 * and the name, `?region=us-east-1` where to play; `?quality=full` draws everything however slow
 * the machine, e.g. for pictures; `?latency=150&jitter=20&loss=2` plays over a worse path than
 * there is (F3 shows how it goes).
 */
import { createRandom } from "#shared/sim/index.ts";
import { systemClock } from "#shared/time/clock.ts";
import { createClient } from "../index.ts";
import type { GameSocketClass } from "../sdk/connection.ts";
import { ArenaGame } from "./arena/arena-game.ts";
import { overBadPath, readConditions } from "./bad-path.ts";
import { BlocksGame } from "./blocks/blocks-game.ts";
import { element, setText } from "./hud/elements.ts";
import { readWorld, showWorlds } from "./hud/world-choice.ts";
import { offerSignIn, readParameters, takeUpLogin } from "./sign-in.ts";

async function main(): Promise<void> {
  const parameters = readParameters();
  const world = readWorld(parameters);
  showWorlds(world, parameters);
  const client = createClient({ url: location.origin, ...chooseSocket(parameters) });
  const player = await takeUpLogin(client);
  offerSignIn(client, player).catch(() => undefined);
  const options = {
    client,
    clock: systemClock,
    displayName: parameters.get("name")?.trim() || null,
    random: Math.random,
    fullQuality: parameters.get("quality") === "full",
    reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
  if (world === "arena") await ArenaGame.start(options);
  else
    await BlocksGame.start({
      ...options,
      region: parameters.get("region") || null,
      onRegion: (region) => {
        parameters.set("region", region);
        history.replaceState(null, "", `${location.pathname}?${parameters}`);
      },
      WebSocket,
      addedMs: 2 * (readConditions(parameters)?.latencyMs ?? 0),
      store: localStorage,
    });
}

function chooseSocket(parameters: URLSearchParams): { WebSocket?: GameSocketClass } {
  const conditions = readConditions(parameters);
  if (conditions === null) return {};
  const random = createRandom(Math.floor(Math.random() * 2 ** 32));
  return { WebSocket: overBadPath({ clock: systemClock, random, conditions, WebSocket }) };
}

window.tessera = { session: null, blocks: null };
main().catch((error: unknown) => {
  setText(element("notice-title", HTMLElement), "This browser cannot show the world");
  const reason = error instanceof Error ? error.message : String(error);
  setText(element("notice-text", HTMLElement), `It needs WebGL 2. ${reason}`);
});

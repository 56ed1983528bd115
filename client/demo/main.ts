/**
 * Entry of the page at /play. `?world=arena` and `?name=Ada` choose the world and the name;
 * `?quality=full` draws everything however slow the machine, e.g. for pictures.
 */
import { systemClock } from "#shared/time/clock.ts";
import { createClient } from "../index.ts";
import { Game } from "./game.ts";
import { element, setText } from "./hud/elements.ts";

async function main(): Promise<void> {
  const parameters = new URLSearchParams(location.search);
  await Game.start({
    client: createClient({ url: location.origin }),
    clock: systemClock,
    worldId: parameters.get("world") ?? "arena",
    displayName: parameters.get("name"),
    random: Math.random,
    fullQuality: parameters.get("quality") === "full",
    reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
}

window.tessera = { session: null };
main().catch((error: unknown) => {
  setText(element("notice-title", HTMLElement), "This browser cannot show the arena");
  const reason = error instanceof Error ? error.message : String(error);
  setText(element("notice-text", HTMLElement), `It needs WebGL 2. ${reason}`);
});

import type { Client } from "../sdk/client-types.ts";
import type { BotPlay, PlayOptions } from "./bot-play.ts";
import { Mind } from "./mind.ts";

/** What it asks to see; less than a person does, and cheaper. */
const VIEWPORT = { width: 600, height: 450 };

/** A bot's stay in an arena. */
export async function playArena(
  client: Client,
  { random, where, clock }: PlayOptions,
): Promise<BotPlay> {
  const session = await client.join("arena", { viewport: VIEWPORT, ...where });
  const mind = new Mind({ random, world: session.parameters });
  session.on("event", (event) => {
    if (event.type === "hit" && event.target === session.entityId) {
      mind.wasHit(event.attacker, clock.monotonicMs());
    }
  });
  return {
    session,
    act(nowMs) {
      const decision = mind.think(session.sample(), nowMs);
      session.setControls(decision.dx, decision.dy);
      if (decision.face !== null) session.face(decision.face);
      if (decision.attack) session.attack();
      // What comes of it shows by itself.
      if (decision.respawn && session.selfState.credits > 0) {
        session.perform({ case: "respawn" }).catch(() => undefined);
      }
    },
  };
}

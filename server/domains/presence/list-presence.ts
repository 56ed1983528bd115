import type { ListPresenceInput, PresencePage } from "#shared/model/presence.ts";
import type { ServerDeps } from "../../deps.ts";
import { toPresencePlace } from "./place-view.ts";

/** A page of those who are somewhere, by player id: who comes between two pages may be missed. */
export function listPresence(
  { presence }: Pick<ServerDeps, "presence">,
  { worldId, region, limit, cursor }: ListPresenceInput,
): PresencePage {
  const all = presence.list({ worldId, region });
  const from = cursor === undefined ? 0 : all.findIndex(({ playerId }) => playerId > cursor);
  const page = from === -1 ? [] : all.slice(from, from + limit);
  const last = page.at(-1);
  const isMore = last !== undefined && last !== all.at(-1);
  return {
    players: page.map((place) => ({ playerId: place.playerId, ...toPresencePlace(place) })),
    total: all.length,
    nextCursor: isMore ? last.playerId : null,
    ...presence.state,
  };
}

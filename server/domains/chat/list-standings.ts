import { inArray } from "drizzle-orm";
import { chatBlocks, chatMutes, players } from "#shared/infra/db/schema/control.ts";
import type { Standings, StandingsInput } from "#shared/model/chat-relay.ts";
import { PlayerId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";

/** Who of these may speak and whom they do not want to hear; of unknown players nothing is kept. */
export async function listStandings(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  { players: asked }: StandingsInput,
): Promise<Standings> {
  const ids = asked.flatMap((id) => {
    const known = PlayerId.safeParse(id);
    return known.success ? [known.data] : [];
  });
  const [names, mutes, blocks] = await orm.batch([
    orm
      .select({ id: players.id, name: players.displayName })
      .from(players)
      .where(inArray(players.id, ids)),
    orm.select().from(chatMutes).where(inArray(chatMutes.playerId, ids)),
    orm
      .select({ playerId: chatBlocks.playerId, blockedId: chatBlocks.blockedId })
      .from(chatBlocks)
      .where(inArray(chatBlocks.playerId, ids)),
  ]);
  const nowMs = clock.wallMs();
  const inForce = mutes.filter(({ endsAtMs }) => endsAtMs === null || endsAtMs > nowMs);
  const nameOf = new Map<string, string>(names.map(({ id, name }) => [id, name]));
  const muteOf = new Map<string, (typeof mutes)[number]>(inForce.map((row) => [row.playerId, row]));
  const blocksOf = Map.groupBy(blocks, ({ playerId }): string => playerId);
  return {
    standings: asked.map((playerId) => {
      const mute = muteOf.get(playerId);
      return {
        playerId,
        name: nameOf.get(playerId) ?? "",
        mute: mute === undefined ? null : { reason: mute.reason, endsAtMs: mute.endsAtMs },
        blocks: (blocksOf.get(playerId) ?? []).map(({ blockedId }) => blockedId),
      };
    }),
  };
}

import { and, eq, gte, inArray, like, lt, or, type SQL } from "drizzle-orm";
import { events } from "#shared/infra/db/schema/control.ts";
import { CUSTOM_PREFIX, typesSeenBy } from "#shared/model/event-catalogue.ts";
import type { QueryEventsInput } from "#shared/model/events.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { PlayerRole } from "#shared/model/players.ts";
import type { Context } from "../../context.ts";

/** Who reads: staff without the second factor that it needs reads what players read. */
export interface EventReader {
  readonly playerId: PlayerId;
  readonly role: PlayerRole;
}

type ReaderContext = Pick<Context, "deps"> & { readonly actor: NonNullable<Context["actor"]> };

/** The caller of a procedure as a reader. */
export function toReader({ deps, actor }: ReaderContext): EventReader {
  const { playerId, role, secondFactor } = actor;
  return { playerId, role: secondFactor || deps.staffTotp === "optional" ? role : "player" };
}

export type EventFilter = Partial<
  Pick<QueryEventsInput, "types" | "regions" | "players" | "worldId" | "since" | "until">
>;

/** The rows that a filter asks for, of those that the caller may see. */
export function whereEvents(reader: EventReader, filter: EventFilter): SQL | undefined {
  const { types, regions, players, worldId, since, until } = filter;
  return and(
    whereSeenBy(reader),
    types && inArray(events.type, types),
    regions && inArray(events.region, regions),
    players && inArray(events.playerId, players),
    worldId && eq(events.worldId, worldId),
    since === undefined ? undefined : gte(events.atMs, Date.parse(since)),
    until === undefined ? undefined : lt(events.atMs, Date.parse(until)),
  );
}

/** Players see what is for everyone and what is about themselves, staff what is theirs too. */
function whereSeenBy({ role, playerId }: EventReader): SQL | undefined {
  if (role === "admin") return undefined;
  if (role === "moderator") {
    const seen = typesSeenBy(["everyone", "subject", "staff"]);
    return or(inArray(events.type, seen), like(events.type, `${CUSTOM_PREFIX}%`));
  }
  return or(
    inArray(events.type, typesSeenBy(["everyone"])),
    and(eq(events.playerId, playerId), inArray(events.type, typesSeenBy(["subject"]))),
  );
}

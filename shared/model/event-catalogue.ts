/** Every type of domain event: who may see it, and whether this version tells of it by itself. */

/**
 * Who may read events of a type: any player, the player whom it is about, moderators, or only
 * administrators. Each may see what the ones before it may.
 */
export type EventAudience = "everyone" | "subject" | "staff" | "admin";

export interface EventTypeRule {
  readonly audience: EventAudience;
  /** False: reserved for parts that tell of it later; until then administrators can send it. */
  readonly produced: boolean;
  /** Of the message in events.proto; higher when a field means something else than before. */
  readonly version: number;
}

const told = (audience: EventAudience): EventTypeRule => ({ audience, produced: true, version: 1 });
const reserved = (audience: EventAudience): EventTypeRule => ({
  ...told(audience),
  produced: false,
});

/** By type; a field of DomainEvent's oneof without a line here fails a test. */
export const eventCatalogue = {
  "player.registered": told("subject"),
  "player.logged_in": told("subject"),
  "player.logged_out": told("subject"),
  "player.renamed": told("everyone"),
  "player.joined": told("subject"),
  "player.left": reserved("subject"),
  "player.banned": told("subject"),
  "player.kicked": told("subject"),
  "player.muted": told("subject"),
  "shard.changed": told("staff"),
  "lease.granted": told("staff"),
  "lease.released": told("staff"),
  "server.started": told("staff"),
  "server.stopped": told("staff"),
  "server.error": reserved("staff"),
  "server.high_cpu": reserved("staff"),
  "server.high_memory": reserved("staff"),
  "server.low_tps": reserved("staff"),
  "metric.reported": reserved("staff"),
  "combat.hit": reserved("staff"),
  "combat.killed": told("everyone"),
  "combat.destroyed": reserved("everyone"),
  "world.chunk_loaded": reserved("staff"),
  "world.chunk_unloaded": reserved("staff"),
  "world.state_changed": reserved("everyone"),
  "world.saved": reserved("staff"),
  "world.load_error": reserved("staff"),
  "block.placed": reserved("staff"),
  "block.broken": reserved("staff"),
  "block.updated": reserved("staff"),
  "entity.created": reserved("staff"),
  "entity.moved": reserved("staff"),
  "entity.updated": reserved("staff"),
  "entity.assembled": reserved("staff"),
  "entity.decomposed": reserved("staff"),
  "chat.message": told("staff"),
  "admin.command": told("admin"),
  "security.alert": told("admin"),
  "anticheat.violation": reserved("staff"),
  "anticheat.ban": reserved("staff"),
  "backup.completed": reserved("staff"),
  "backup.failed": reserved("staff"),
  "webhook.test": told("admin"),
  "leaderboard.season_ended": told("everyone"),
  "group.created": told("subject"),
  "group.updated": told("staff"),
  "group.disbanded": told("staff"),
  "group.joined": told("subject"),
  "group.left": told("subject"),
  "group.role_changed": told("subject"),
  "group.invited": told("subject"),
  "group.requested": told("subject"),
} as const satisfies Record<string, EventTypeRule>;

export type KnownEventType = keyof typeof eventCatalogue;

/** What administrators name events of their own by. */
export const CUSTOM_PREFIX = "custom.";

/** The field of DomainEvent's oneof in which a type's data is, as its JSON names it. */
export function caseOfEventType(type: string): string {
  if (type.startsWith(CUSTOM_PREFIX)) return "custom";
  return type.replace(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Types whose events an audience of this kind may see. */
export function typesSeenBy(audiences: readonly EventAudience[]): KnownEventType[] {
  return listEventTypes().filter((type) => audiences.includes(eventCatalogue[type].audience));
}

/** All types, as they stand in the catalogue. */
export function listEventTypes(): KnownEventType[] {
  return Object.keys(eventCatalogue).filter(isKnownEventType);
}

export function isKnownEventType(type: string): type is KnownEventType {
  return Object.hasOwn(eventCatalogue, type);
}

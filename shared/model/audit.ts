/** What the audit log speaks of, and how it is read. */
import { z } from "zod";
import { EventCursor } from "./events.ts";
import { PlayerId } from "./ids.ts";

/** The closed list of events; a domain that tells of more adds its own here. */
export const AUDIT_EVENTS = [
  "deployment.set-up",
  "deployment.keys-rotated",
  "player.role-changed",
  "player.banned",
  "player.unbanned",
  "player.kicked",
  "player.password-changed",
  "player.password-reset",
  "player.email-proven",
  "player.second-factor-set",
  "player.second-factor-gone",
  "player.recovery-code-used",
  "session.token-reused",
  "leaderboard.created",
  "leaderboard.deleted",
  "leaderboard.season-ended",
  "shard.announced",
  "shard.drained",
  "shard.opened",
  "shard.stopped",
  "chat.announced",
  "chat.muted",
  "chat.unmuted",
  "chat.report-closed",
  "group.updated",
  "group.disbanded",
  "webhook.created",
  "webhook.updated",
  "webhook.deleted",
  "webhook.secret-rotated",
] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

const AuditEventName = z.enum(AUDIT_EVENTS);

/** What to look for, the newest first. */
export const QueryAuditInput = z.object({
  event: AuditEventName.optional(),
  actorId: PlayerId.optional().meta({ description: "Who did it" }),
  targetId: PlayerId.optional().meta({ description: "To whom" }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: EventCursor.optional(),
});
export type QueryAuditInput = z.infer<typeof QueryAuditInput>;

/** One thing that was done. */
export const AuditRecord = z
  .object({
    number: z.number().int(),
    at: z.iso.datetime(),
    event: z.string().meta({ examples: ["player.banned"] }),
    actorId: z.string().nullable().meta({ description: "Null for the deployment itself" }),
    targetId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    previousHash: z.string(),
    hash: z.string().meta({
      description: "SHA-256 of the entry before and all that this one says",
    }),
  })
  .meta({ id: "AuditRecord" });
export type AuditRecord = z.infer<typeof AuditRecord>;

/** Answer of audit.query. */
export const AuditPage = z.object({
  entries: z.array(AuditRecord),
  nextCursor: z.string().nullable().meta({ description: "Null when there are no more" }),
});
export type AuditPage = z.infer<typeof AuditPage>;

/** Answer of audit.verify. */
export const AuditVerification = z.object({
  intact: z.boolean(),
  entries: z.number().int().meta({ description: "How many are as they were written" }),
  brokenAt: z.number().int().nullable().meta({
    description: "The first that was changed, or had one taken out before it",
  }),
  hash: z.string().meta({
    description: "Of the newest good one; noted elsewhere, it proves that none was cut off",
  }),
});
export type AuditVerification = z.infer<typeof AuditVerification>;

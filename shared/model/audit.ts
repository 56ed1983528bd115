/** What the audit log speaks of. */

/** The closed list of events; a domain that tells of more adds its own here. */
export const AUDIT_EVENTS = [
  "deployment.set-up",
  "deployment.keys-rotated",
  "player.role-changed",
  "player.banned",
  "player.unbanned",
  "player.password-changed",
  "player.password-reset",
  "player.email-proven",
  "player.second-factor-set",
  "player.second-factor-gone",
  "player.recovery-code-used",
  "session.token-reused",
  "webhook.created",
  "webhook.updated",
  "webhook.deleted",
  "webhook.secret-rotated",
] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

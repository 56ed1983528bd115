/** All tables of the control database; a new domain adds its line here. */
export * from "./control/audit.ts";
export * from "./control/auth.ts";
export * from "./control/chat.ts";
export * from "./control/events.ts";
export * from "./control/groups.ts";
export * from "./control/leaderboards.ts";
export * from "./control/leases.ts";
export * from "./control/mail.ts";
export * from "./control/players.ts";
export * from "./control/presence.ts";
export * from "./control/storage.ts";
export * from "./control/totp.ts";
export * from "./control/webhooks.ts";
export * from "./control/worlds.ts";

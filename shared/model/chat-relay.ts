/** What shards and the server say to each other about chat. */
import { z } from "zod";
import { BLOCKS_LENGTH_MAX } from "./chat.ts";

/** Lines that one call of chat.relay may bring. */
export const RELAYED_LINES_MAX = 64;
/** Players whom one question of chat.listStandings may name. */
export const STANDINGS_ASKED_MAX = 100;
/** UTF-16 units of a channel's name and of its target, on the game socket. */
export const CHANNEL_LENGTH_MAX = 32;
export const TARGET_LENGTH_MAX = 64;

/** What became of a line; `said` is the only good one. */
export const LineOutcome = z.enum([
  "said",
  "text",
  "tooLong",
  "channel",
  "tooFast",
  "muted",
  "forbidden",
  "notFound",
  "busy",
  "unavailable",
]);
export type LineOutcome = z.infer<typeof LineOutcome>;

/** Something that a player said on a game socket. */
export const RelayedLine = z.object({
  playerId: z.string().max(64),
  channel: z.string().max(CHANNEL_LENGTH_MAX),
  target: z.string().max(TARGET_LENGTH_MAX).meta({
    description: "The other player of a private channel, or the group",
  }),
  text: z.string().max(4_096),
});
export type RelayedLine = z.infer<typeof RelayedLine>;

export const RelayInput = z.object({ lines: z.array(RelayedLine).max(RELAYED_LINES_MAX) });
export type RelayInput = z.infer<typeof RelayInput>;

export const RelayedResult = z.object({
  outcome: LineOutcome,
  message: z.string().meta({ description: "For the player" }),
  cursor: z.string().meta({ description: "Of what was said; else empty" }),
  untilMs: z.number().int().nullable().meta({ description: "Of a mute with an end" }),
  retryAfterMs: z.number().int(),
});
export type RelayedResult = z.infer<typeof RelayedResult>;

/** Answer of chat.relay, in the order of the lines. */
export const Relayed = z.object({ results: z.array(RelayedResult) });
export type Relayed = z.infer<typeof Relayed>;

export const StandingsInput = z.object({
  players: z.array(z.string().max(64)).max(STANDINGS_ASKED_MAX),
});
export type StandingsInput = z.infer<typeof StandingsInput>;

/** Whether a player may speak, and whom it does not want to hear. */
export const Standing = z.object({
  playerId: z.string(),
  name: z.string().meta({ description: "Empty for a player who is not known" }),
  mute: z
    .object({ reason: z.string(), endsAtMs: z.number().int().nullable() })
    .nullable()
    .meta({ description: "Null when there is none, or it is over" }),
  blocks: z.array(z.string()).max(BLOCKS_LENGTH_MAX),
});
export type Standing = z.infer<typeof Standing>;

/** Answer of chat.listStandings, in the order of the question. */
export const Standings = z.object({ standings: z.array(Standing) });
export type Standings = z.infer<typeof Standings>;

/** What players say to each other, and what may be done about it. */
import { z } from "zod";
import { faultOfText, TEXT_LENGTH_MAX, TEXT_UNITS_MAX, tidyText } from "./chat-text.ts";
import { GroupId, PlayerId } from "./ids.ts";

/** Players whom one player can block; one more is refused. */
export const BLOCKS_LENGTH_MAX = 200;
/** Reports of one player that staff has not decided on; one more is refused. */
export const REPORTS_LENGTH_MAX = 20;
/** Messages are forgotten after so many days. */
export const CHAT_DAYS = 30;

/** Where a message is said; `system` is what staff says to all, `team` and `guild` are groups. */
export const ChatChannel = z.enum(["global", "private", "team", "guild", "system"]);
export type ChatChannel = z.infer<typeof ChatChannel>;

/** One line that looks like what it is. */
export const ChatText = z
  .string()
  .max(TEXT_UNITS_MAX, `must be at most ${TEXT_LENGTH_MAX} characters long`)
  .transform(tidyText)
  .pipe(
    z.string().superRefine((text, context) => {
      const fault = faultOfText(text);
      if (fault !== undefined) context.addIssue({ code: "custom", message: fault.message });
    }),
  )
  .meta({ description: `1 to ${TEXT_LENGTH_MAX} characters in one line`, examples: ["Hello!"] });

/** A place among the messages: everything after it is what has not been read. */
const Cursor = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,15})$/, "must be a cursor that an earlier answer gave")
  .meta({ description: "Where an earlier answer ended" });

interface Place {
  readonly channel?: ChatChannel | undefined;
  readonly playerId?: PlayerId | undefined;
  readonly groupId?: GroupId | undefined;
}

const target = {
  playerId: PlayerId.optional().meta({ description: "The other one of a private channel" }),
  groupId: GroupId.optional().meta({ description: "Which team or guild" }),
};

/** Whether what is said there is said in a group. */
export function isGroupChannel(channel: ChatChannel | undefined): channel is "team" | "guild" {
  return channel === "team" || channel === "guild";
}

function hasPartner({ channel, playerId }: Place): boolean {
  return (channel === "private") === (playerId !== undefined);
}
const PARTNER_RULE = {
  path: ["playerId"],
  error: "must be there for the channel private, and for no other",
};

function hasGroup({ channel, groupId }: Place): boolean {
  return isGroupChannel(channel) === (groupId !== undefined);
}
const GROUP_RULE = {
  path: ["groupId"],
  error: "must be there for the channels team and guild, and for no other",
};

/** Input of chat.send. */
export const SendChatInput = z
  .object({ channel: ChatChannel.exclude(["system"]), ...target, text: ChatText })
  .refine(hasPartner, PARTNER_RULE)
  .refine(hasGroup, GROUP_RULE);
export type SendChatInput = z.infer<typeof SendChatInput>;

/** Input of chat.announce. */
export const AnnounceInput = z.object({ text: ChatText });
export type AnnounceInput = z.infer<typeof AnnounceInput>;

/** Input of chat.history, the newest first. */
export const ChatHistoryInput = z
  .object({
    channel: ChatChannel,
    ...target,
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: Cursor.optional(),
  })
  .refine(hasPartner, PARTNER_RULE)
  .refine(hasGroup, GROUP_RULE);
export type ChatHistoryInput = z.infer<typeof ChatHistoryInput>;

/** Input of chat.follow; without a channel all that the caller may read. */
export const FollowChatInput = z
  .object({
    channel: ChatChannel.optional(),
    groupId: GroupId.optional().meta({
      description: "Only what is said in this group; the stream ends when the caller leaves it",
    }),
    after: Cursor.optional().meta({ description: "Start behind this message, not now" }),
    /** Set by clients that come back. */
    lastEventId: Cursor.nullish(),
  })
  .refine(({ channel, groupId }) => groupId === undefined || isGroupChannel(channel ?? "team"), {
    path: ["groupId"],
    error: "must be there for the channels team and guild only",
  });
export type FollowChatInput = z.infer<typeof FollowChatInput>;

/** A message as it is read. */
export const ChatMessage = z
  .object({
    cursor: z.string().meta({ description: "Its place among all messages" }),
    channel: ChatChannel,
    senderId: PlayerId,
    senderName: z.string(),
    recipientId: PlayerId.nullable().meta({ description: "Of a private message" }),
    groupId: GroupId.nullable().meta({ description: "Of what is said in a team or a guild" }),
    text: z.string(),
    sentAt: z.iso.datetime(),
  })
  .meta({ id: "ChatMessage" });
export type ChatMessage = z.infer<typeof ChatMessage>;

/** Answer of chat.send and chat.announce. */
export const SentMessage = ChatMessage.pick({ cursor: true, sentAt: true });
export type SentMessage = z.infer<typeof SentMessage>;

/** Answer of chat.history. */
export const ChatPage = z.object({
  messages: z.array(ChatMessage),
  nextCursor: z.string().nullable().meta({ description: "Null when there are no more" }),
});
export type ChatPage = z.infer<typeof ChatPage>;

export const BlockInput = z.object({ playerId: PlayerId });
export type BlockInput = z.infer<typeof BlockInput>;

/** Answer of chat.block and chat.unblock. */
export const BlockState = z.object({ blocked: z.boolean() });
export type BlockState = z.infer<typeof BlockState>;

/** Answer of chat.listBlocks. */
export const BlockList = z.object({
  players: z
    .array(z.object({ playerId: PlayerId, displayName: z.string(), since: z.iso.datetime() }))
    .max(BLOCKS_LENGTH_MAX),
});
export type BlockList = z.infer<typeof BlockList>;

const MUTE_SECONDS_MAX = 365 * 24 * 3600;

export const MuteInput = z.object({
  playerId: PlayerId,
  reason: z.string().trim().min(1, "must not be empty").max(200).meta({
    description: "For the player",
  }),
  seconds: z.number().int().min(1).max(MUTE_SECONDS_MAX).optional().meta({
    description: "Without it the mute has no end",
  }),
});
export type MuteInput = z.infer<typeof MuteInput>;

export const UnmuteInput = z.object({ playerId: PlayerId });
export type UnmuteInput = z.infer<typeof UnmuteInput>;

/** Answer of chat.mute. */
export const Muted = z.object({ muted: z.literal(true), endsAt: z.iso.datetime().nullable() });
export type Muted = z.infer<typeof Muted>;

/** Answer of chat.unmute. */
export const Unmuted = z.object({
  unmuted: z.boolean().meta({ description: "False when there was no mute" }),
});
export type Unmuted = z.infer<typeof Unmuted>;

/** Input of chat.report. */
export const ReportInput = z.object({
  message: Cursor.meta({ description: "The cursor of a message of another player" }),
  reason: z.string().trim().min(1, "must not be empty").max(200),
});
export type ReportInput = z.infer<typeof ReportInput>;

/** Answer of chat.report. */
export const Reported = z.object({ reported: z.literal(true) });
export type Reported = z.infer<typeof Reported>;

/** Input of chat.listReports, the oldest first. */
export const ListReportsInput = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: Cursor.optional(),
});
export type ListReportsInput = z.infer<typeof ListReportsInput>;

/** Answer of chat.listReports: those that nobody has decided on. */
export const ReportPage = z.object({
  reports: z.array(
    z.object({
      report: z.string().meta({ description: "By which chat.closeReport knows it" }),
      message: z.string(),
      text: z.string(),
      reason: z.string(),
      senderId: PlayerId,
      reporterId: PlayerId,
      reportedAt: z.iso.datetime(),
    }),
  ),
  nextCursor: z.string().nullable().meta({ description: "Null when there are no more" }),
});
export type ReportPage = z.infer<typeof ReportPage>;

/** Input of chat.closeReport. */
export const CloseReportInput = z.object({
  report: Cursor.meta({ description: "As chat.listReports names it" }),
  outcome: z.enum(["acted", "dismissed"]),
});
export type CloseReportInput = z.infer<typeof CloseReportInput>;

/** Answer of chat.closeReport. */
export const ClosedReport = z.object({ closed: z.literal(true) });
export type ClosedReport = z.infer<typeof ClosedReport>;

import {
  AnnounceInput,
  BlockInput,
  BlockList,
  BlockState,
  ChatHistoryInput,
  ChatPage,
  ClosedReport,
  CloseReportInput,
  FollowChatInput,
  ListReportsInput,
  Muted,
  MuteInput,
  Reported,
  ReportInput,
  ReportPage,
  SendChatInput,
  SentMessage,
  Unmuted,
  UnmuteInput,
} from "#shared/model/chat.ts";
import { Relayed, RelayInput, Standings, StandingsInput } from "#shared/model/chat-relay.ts";
import { protectedRest } from "../../rest-route.ts";
import { moderatorProcedure, playerProcedure, router, serviceProcedure } from "../../trpc.ts";
import { announceMessage } from "./announce-message.ts";
import { blockPlayer } from "./block-player.ts";
import { closeReport } from "./close-report.ts";
import { followMessages } from "./follow-messages.ts";
import { listBlocks } from "./list-blocks.ts";
import { listMessages } from "./list-messages.ts";
import { listReports } from "./list-reports.ts";
import { listStandings } from "./list-standings.ts";
import { mutePlayer } from "./mute-player.ts";
import { relayMessages } from "./relay-messages.ts";
import { reportMessage } from "./report-message.ts";
import { sendMessage } from "./send-message.ts";
import { unblockPlayer } from "./unblock-player.ts";
import { unmutePlayer } from "./unmute-player.ts";

/** What players say to each other. */
export const chatRouter = router({
  send: playerProcedure
    .meta({ ...protectedRest("POST", "/chat/messages", "Say something"), limits: "message" })
    .input(SendChatInput)
    .output(SentMessage)
    .mutation(({ ctx, input }) => sendMessage(ctx.deps, ctx.actor, input)),
  history: playerProcedure
    .meta(protectedRest("GET", "/chat/messages", "A page of a channel, the newest first"))
    .input(ChatHistoryInput)
    .output(ChatPage)
    .query(({ ctx, input }) => listMessages(ctx.deps, ctx.actor, input)),
  follow: playerProcedure
    .input(FollowChatInput)
    .subscription(({ ctx, input, signal }) =>
      followMessages(ctx.deps, { actor: ctx.actor, signal }, input),
    ),
  announce: moderatorProcedure
    .meta(protectedRest("POST", "/chat/announcements", "Say something to all"))
    .input(AnnounceInput)
    .output(SentMessage)
    .mutation(({ ctx, input }) => announceMessage(ctx.deps, ctx.actor, input)),
  listBlocks: playerProcedure
    .meta(protectedRest("GET", "/chat/blocks", "All whom one blocks"))
    .output(BlockList)
    .query(({ ctx }) => listBlocks(ctx.deps, ctx.actor)),
  block: playerProcedure
    .meta(protectedRest("PUT", "/chat/blocks/{playerId}", "See nothing more of a player"))
    .input(BlockInput)
    .output(BlockState)
    .mutation(({ ctx, input }) => blockPlayer(ctx.deps, ctx.actor, input)),
  unblock: playerProcedure
    .meta(protectedRest("DELETE", "/chat/blocks/{playerId}", "Take a block back"))
    .input(BlockInput)
    .output(BlockState)
    .mutation(({ ctx, input }) => unblockPlayer(ctx.deps, ctx.actor, input)),
  mute: moderatorProcedure
    .meta(protectedRest("PUT", "/chat/mutes/{playerId}", "Let a player read but not speak"))
    .input(MuteInput)
    .output(Muted)
    .mutation(({ ctx, input }) => mutePlayer(ctx.deps, ctx.actor, input)),
  unmute: moderatorProcedure
    .meta(protectedRest("DELETE", "/chat/mutes/{playerId}", "Let a player speak again"))
    .input(UnmuteInput)
    .output(Unmuted)
    .mutation(({ ctx, input }) => unmutePlayer(ctx.deps, ctx.actor, input)),
  report: playerProcedure
    .meta({ ...protectedRest("POST", "/chat/reports", "Complain"), limits: "message" })
    .input(ReportInput)
    .output(Reported)
    .mutation(({ ctx, input }) => reportMessage(ctx.deps, ctx.actor, input)),
  listReports: moderatorProcedure
    .meta(protectedRest("GET", "/chat/reports", "Reports that nobody has decided on"))
    .input(ListReportsInput)
    .output(ReportPage)
    .query(({ ctx, input }) => listReports(ctx.deps, input)),
  closeReport: moderatorProcedure
    .meta(protectedRest("DELETE", "/chat/reports/{report}", "Decide on a report"))
    .input(CloseReportInput)
    .output(ClosedReport)
    .mutation(({ ctx, input }) => closeReport(ctx.deps, ctx.actor, input)),
  relay: serviceProcedure
    .meta(protectedRest("POST", "/chat/relay", "What was said on game sockets, from shards"))
    .input(RelayInput)
    .output(Relayed)
    .mutation(({ ctx, input }) => relayMessages(ctx.deps, input)),
  listStandings: serviceProcedure
    .meta(protectedRest("POST", "/chat/standings", "Mutes and blocks of players, for shards"))
    .input(StandingsInput)
    .output(Standings)
    .mutation(({ ctx, input }) => listStandings(ctx.deps, input)),
});

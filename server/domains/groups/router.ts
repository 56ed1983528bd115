import {
  CreateGroupInput,
  DeletedOffer,
  ForceDisbandGroupInput,
  ForceUpdateGroupInput,
  Group,
  GroupEntry,
  GroupInput,
  GroupMembers,
  GroupOffers,
  GroupPage,
  GroupPlayerInput,
  LeftGroup,
  MyGroups,
  SearchGroupsInput,
  SetGroupRoleInput,
  UpdateGroupInput,
} from "#shared/model/groups.ts";
import { protectedRest } from "../../rest-route.ts";
import { moderatorProcedure, playerProcedure, router } from "../../trpc.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { admitRequester } from "./admit-requester.ts";
import { createGroup } from "./create-group.ts";
import { cancelOffer, declineOffer } from "./delete-offer.ts";
import { disbandGroup, forceDisbandGroup } from "./disband-group.ts";
import { getGroup } from "./get-group.ts";
import { handOverGroup } from "./hand-over-group.ts";
import { invitePlayer } from "./invite-player.ts";
import { joinGroup } from "./join-group.ts";
import { leaveGroup } from "./leave-group.ts";
import { listMembers } from "./list-members.ts";
import { listOffers } from "./list-offers.ts";
import { listOwnGroups } from "./list-own-groups.ts";
import { removeMember } from "./remove-member.ts";
import { searchGroups } from "./search-groups.ts";
import { forceUpdateGroup, updateGroup } from "./update-group.ts";
import { updateRole } from "./update-role.ts";

/** Teams and guilds. */
export const groupsRouter = router({
  create: playerProcedure
    .meta({ ...protectedRest("POST", "/groups", "Make a team or a guild"), limits: "message" })
    .input(CreateGroupInput)
    .output(Group)
    .mutation(({ ctx, input }) => createGroup(ctx.deps, ctx.actor, input)),
  search: playerProcedure
    .meta(protectedRest("GET", "/groups", "Guilds by name"))
    .input(SearchGroupsInput)
    .output(GroupPage)
    .query(({ ctx, input }) => searchGroups(ctx.deps, input)),
  mine: playerProcedure
    .meta(protectedRest("GET", "/groups/mine", "One's groups, invitations and requests"))
    .output(MyGroups)
    .query(({ ctx }) => listOwnGroups(ctx.deps, ctx.actor)),
  get: playerProcedure
    .meta(protectedRest("GET", "/groups/{groupId}", "What everyone may know of a group"))
    .input(GroupInput)
    .output(Group)
    .query(({ ctx, input }) => getGroup(ctx.deps, ctx.actor, input)),
  update: playerProcedure
    .meta(protectedRest("PATCH", "/groups/{groupId}", "Rename or describe a group"))
    .input(UpdateGroupInput)
    .output(Group)
    .mutation(({ ctx, input }) => updateGroup(ctx.deps, ctx.actor, input)),
  disband: playerProcedure
    .meta(protectedRest("DELETE", "/groups/{groupId}", "End a group for all its members"))
    .input(GroupInput)
    .output(LeftGroup)
    .mutation(({ ctx, input }) => disbandGroup(ctx.deps, ctx.actor, input)),
  join: playerProcedure
    .meta({
      ...protectedRest("POST", "/groups/{groupId}/join", "Go into a group, or ask for it"),
      limits: "message",
    })
    .input(GroupInput)
    .output(GroupEntry)
    .mutation(({ ctx, input }) => joinGroup(ctx.deps, ctx.actor, input)),
  accept: playerProcedure
    .meta(protectedRest("POST", "/groups/{groupId}/accept", "Accept an invitation"))
    .input(GroupInput)
    .output(GroupEntry)
    .mutation(({ ctx, input }) => acceptInvitation(ctx.deps, ctx.actor, input)),
  decline: playerProcedure
    .meta(
      protectedRest("POST", "/groups/{groupId}/decline", "Decline an invitation, or ask no more"),
    )
    .input(GroupInput)
    .output(DeletedOffer)
    .mutation(({ ctx, input }) => declineOffer(ctx.deps, ctx.actor, input)),
  leave: playerProcedure
    .meta(protectedRest("POST", "/groups/{groupId}/leave", "Go out of a group"))
    .input(GroupInput)
    .output(LeftGroup)
    .mutation(({ ctx, input }) => leaveGroup(ctx.deps, ctx.actor, input)),
  members: playerProcedure
    .meta(protectedRest("GET", "/groups/{groupId}/members", "All members, for members"))
    .input(GroupInput)
    .output(GroupMembers)
    .query(({ ctx, input }) => listMembers(ctx.deps, ctx.actor, input)),
  remove: playerProcedure
    .meta(protectedRest("DELETE", "/groups/{groupId}/members/{playerId}", "Send a member away"))
    .input(GroupPlayerInput)
    .output(LeftGroup)
    .mutation(({ ctx, input }) => removeMember(ctx.deps, ctx.actor, input)),
  setRole: playerProcedure
    .meta(protectedRest("PUT", "/groups/{groupId}/members/{playerId}/role", "Promote or demote"))
    .input(SetGroupRoleInput)
    .output(GroupMembers)
    .mutation(({ ctx, input }) => updateRole(ctx.deps, ctx.actor, input)),
  handOver: playerProcedure
    .meta(protectedRest("PUT", "/groups/{groupId}/owner", "Make another member the owner"))
    .input(GroupPlayerInput)
    .output(GroupMembers)
    .mutation(({ ctx, input }) => handOverGroup(ctx.deps, ctx.actor, input)),
  offers: playerProcedure
    .meta(protectedRest("GET", "/groups/{groupId}/offers", "Who is invited, and who asks"))
    .input(GroupInput)
    .output(GroupOffers)
    .query(({ ctx, input }) => listOffers(ctx.deps, ctx.actor, input)),
  invite: playerProcedure
    .meta({
      ...protectedRest("PUT", "/groups/{groupId}/offers/{playerId}", "Invite a player"),
      limits: "message",
    })
    .input(GroupPlayerInput)
    .output(GroupEntry)
    .mutation(({ ctx, input }) => invitePlayer(ctx.deps, ctx.actor, input)),
  admit: playerProcedure
    .meta(protectedRest("PUT", "/groups/{groupId}/members/{playerId}", "Let in a player who asks"))
    .input(GroupPlayerInput)
    .output(GroupEntry)
    .mutation(({ ctx, input }) => admitRequester(ctx.deps, ctx.actor, input)),
  cancel: playerProcedure
    .meta(
      protectedRest(
        "DELETE",
        "/groups/{groupId}/offers/{playerId}",
        "Take an invitation back, or decline a request",
      ),
    )
    .input(GroupPlayerInput)
    .output(DeletedOffer)
    .mutation(({ ctx, input }) => cancelOffer(ctx.deps, ctx.actor, input)),
  forceUpdate: moderatorProcedure
    .meta(protectedRest("POST", "/groups/{groupId}/force-update", "Mend a name or description"))
    .input(ForceUpdateGroupInput)
    .output(Group)
    .mutation(({ ctx, input }) => forceUpdateGroup(ctx.deps, ctx.actor, input)),
  forceDisband: moderatorProcedure
    .meta(protectedRest("POST", "/groups/{groupId}/force-disband", "End a group as staff"))
    .input(ForceDisbandGroupInput)
    .output(LeftGroup)
    .mutation(({ ctx, input }) => forceDisbandGroup(ctx.deps, ctx.actor, input)),
});

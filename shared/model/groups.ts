/** Teams and guilds: players who belong together. */
import { z } from "zod";
import { GroupId, PlayerId } from "./ids.ts";
import { visibleName } from "./visible-name.ts";

/** What a group of a kind may hold; one more is refused with CONFLICT. */
export interface GroupLimits {
  readonly membersMax: number;
  readonly officersMax: number;
  /** Groups of the kind that one player is in. */
  readonly perPlayerMax: number;
}

/** By kind: a team plays together today, a guild has a name of its own and stays. */
export const groupLimits = {
  team: { membersMax: 8, officersMax: 2, perPlayerMax: 1 },
  guild: { membersMax: 200, officersMax: 20, perPlayerMax: 3 },
} as const satisfies Record<string, GroupLimits>;

/** Invitations and requests that a group waits for; one more is refused. */
export const OFFERS_OF_GROUP_MAX = 100;
/** Invitations and requests that a player has open; one more is refused. */
export const OFFERS_OF_PLAYER_MAX = 50;
/** An invitation or request that nobody answers is none after so many days. */
export const OFFER_DAYS = 14;
const DESCRIPTION_LENGTH_MAX = 500;
const MEMBERS_MAX = 200;

export const GroupKind = z.enum(["team", "guild"]);
export type GroupKind = z.infer<typeof GroupKind>;

/** What a member may do; each role may do what the ones before it may. */
export const GROUP_ROLES = ["member", "officer", "owner"] as const;
export const GroupRole = z.enum(GROUP_ROLES);
export type GroupRole = z.infer<typeof GroupRole>;

/** How one gets in without being invited: at once, when an officer agrees, or not at all. */
export const GroupAdmission = z.enum(["open", "request", "invitation"]);
export type GroupAdmission = z.infer<typeof GroupAdmission>;

/** 3 to 32 visible characters; of guilds, no two have what people take for the same name. */
export const GroupName = visibleName(3, 32).meta({
  description: "3 to 32 visible characters",
  examples: ["Red Dragons"],
});

/** Several lines of text without control characters or marks that turn the direction. */
const GroupDescription = z
  .string()
  .max(4 * DESCRIPTION_LENGTH_MAX, `must be at most ${DESCRIPTION_LENGTH_MAX} characters long`)
  .transform((text) => text.normalize("NFC").replaceAll("\r\n", "\n").trim())
  .pipe(
    z
      .string()
      .refine(
        (text) => [...text].length <= DESCRIPTION_LENGTH_MAX,
        `must be at most ${DESCRIPTION_LENGTH_MAX} characters long`,
      )
      .refine(
        (text) => !/[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]--[\n\u200C\u200D]]/v.test(text),
        "must not contain control characters or marks that turn the direction",
      ),
  )
  .meta({ description: `Up to ${DESCRIPTION_LENGTH_MAX} characters` });

/** What everyone who may see a group sees of it. */
export const Group = z
  .object({
    id: GroupId,
    kind: GroupKind,
    name: z.string(),
    description: z.string(),
    admission: GroupAdmission,
    members: z.int().meta({ description: "How many there are" }),
    membersMax: z.int(),
    ownerId: PlayerId,
    ownerName: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Group" });
export type Group = z.infer<typeof Group>;

const settings = {
  name: GroupName,
  description: GroupDescription,
  admission: GroupAdmission,
};

/** Input of groups.create; a team is by invitation and a guild by request unless told otherwise. */
export const CreateGroupInput = z.object({
  kind: GroupKind,
  name: settings.name,
  description: settings.description.default(""),
  admission: settings.admission.optional(),
});
export type CreateGroupInput = z.infer<typeof CreateGroupInput>;

export const GroupInput = z.object({ groupId: GroupId });
export type GroupInput = z.infer<typeof GroupInput>;

/** A group and one of its members, or one who may become one. */
export const GroupPlayerInput = GroupInput.extend({ playerId: PlayerId });
export type GroupPlayerInput = z.infer<typeof GroupPlayerInput>;

/** Input of groups.update; what is not given stays as it is. */
export const UpdateGroupInput = GroupInput.extend({
  name: settings.name.optional(),
  description: settings.description.optional(),
  admission: settings.admission.optional(),
});
export type UpdateGroupInput = z.infer<typeof UpdateGroupInput>;

const Reason = z.string().trim().min(1, "must not be empty").max(200).meta({
  description: "For the audit log",
});

/** Input of groups.forceUpdate, by which moderators mend a name or a description. */
export const ForceUpdateGroupInput = UpdateGroupInput.omit({ admission: true }).extend({
  reason: Reason,
});
export type ForceUpdateGroupInput = z.infer<typeof ForceUpdateGroupInput>;

/** Input of groups.forceDisband. */
export const ForceDisbandGroupInput = GroupInput.extend({ reason: Reason });
export type ForceDisbandGroupInput = z.infer<typeof ForceDisbandGroupInput>;

export const SetGroupRoleInput = GroupPlayerInput.extend({
  role: GroupRole.exclude(["owner"]),
});
export type SetGroupRoleInput = z.infer<typeof SetGroupRoleInput>;

/** Input of groups.search: guilds whose names begin so, in the order of their names. */
export const SearchGroupsInput = z.object({
  query: z
    .string()
    .max(64, "must be at most 64 characters long")
    .default("")
    .meta({ description: "How a guild's name begins; case and spaces do not matter" }),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  cursor: z.string().min(1).max(200).optional().meta({
    description: "nextCursor of the page before",
  }),
});
export type SearchGroupsInput = z.infer<typeof SearchGroupsInput>;

/** Answer of groups.search. */
export const GroupPage = z.object({
  groups: z.array(Group),
  nextCursor: z.string().nullable().meta({ description: "Null when there are no more" }),
});
export type GroupPage = z.infer<typeof GroupPage>;

export const GroupMember = z
  .object({
    playerId: PlayerId,
    displayName: z.string(),
    role: GroupRole,
    joinedAt: z.iso.datetime(),
  })
  .meta({ id: "GroupMember" });
export type GroupMember = z.infer<typeof GroupMember>;

/** Answer of groups.members: the owner, the officers, the members. */
export const GroupMembers = z.object({ members: z.array(GroupMember).max(MEMBERS_MAX) });
export type GroupMembers = z.infer<typeof GroupMembers>;

/** An invitation, or a request to be let in, that waits for an answer. */
export const GroupOffer = z
  .object({
    kind: z.enum(["invitation", "request"]),
    group: Group,
    playerId: PlayerId.meta({ description: "Who would become a member" }),
    displayName: z.string(),
    at: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "GroupOffer" });
export type GroupOffer = z.infer<typeof GroupOffer>;

/** Answer of groups.offers: what a group waits for. */
export const GroupOffers = z.object({ offers: z.array(GroupOffer).max(OFFERS_OF_GROUP_MAX) });
export type GroupOffers = z.infer<typeof GroupOffers>;

/** Answer of groups.mine. */
export const MyGroups = z.object({
  groups: z.array(z.object({ group: Group, role: GroupRole, joinedAt: z.iso.datetime() })),
  offers: z.array(GroupOffer).max(OFFERS_OF_PLAYER_MAX),
});
export type MyGroups = z.infer<typeof MyGroups>;

/** Answer of groups.join and groups.invite. */
export const GroupEntry = z.object({
  state: z.enum(["member", "requested", "invited"]).meta({
    description: "What the player is to the group now",
  }),
});
export type GroupEntry = z.infer<typeof GroupEntry>;

/** Answer of groups.leave, groups.remove and groups.disband. */
export const LeftGroup = z.object({ left: z.literal(true) });
export type LeftGroup = z.infer<typeof LeftGroup>;

/** Answer of groups.decline and groups.cancel. */
export const DeletedOffer = z.object({
  deleted: z.boolean().meta({ description: "False when there was none" }),
});
export type DeletedOffer = z.infer<typeof DeletedOffer>;

/** Teams and guilds, as other domains ask about them. */
export { groupRoomsOf, isInGroup, selectMemberIds } from "./group-access.ts";

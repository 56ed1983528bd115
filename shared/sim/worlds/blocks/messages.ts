// The messages of the world of blocks as plain values: what the wire and the journal carry, without
// the library.

import type {
  BlocksAction as BlocksActionMessage,
  BlocksCell as BlocksCellMessage,
  BlocksCommand as BlocksCommandMessage,
  BlocksControls as BlocksControlsMessage,
  BlocksHalt as BlocksHaltMessage,
  BlocksInput as BlocksInputMessage,
  BlocksJoin as BlocksJoinMessage,
  BlocksLeave as BlocksLeaveMessage,
  BlocksParameters as BlocksParametersMessage,
  BlocksPlace as BlocksPlaceMessage,
  BlocksPlayer as BlocksPlayerMessage,
  BlocksRemote as BlocksRemoteMessage,
  BlocksRename as BlocksRenameMessage,
  BlocksSelf as BlocksSelfMessage,
  BlocksStamp as BlocksStampMessage,
} from "#proto/blocks_pb.ts";
import type { Plain } from "../../kernel/plain.ts";

/** Seed, tick rate per second, sides in chunks, blocks around the middle where players begin. */
export type BlocksParameters = Plain<BlocksParametersMessage>;
export type BlocksControls = Plain<BlocksControlsMessage>;
export type BlocksAction = Plain<BlocksActionMessage>;
export type BlocksPlace = Plain<BlocksPlaceMessage>;
export type BlocksSelf = Plain<BlocksSelfMessage>;
export type BlocksInput = Plain<BlocksInputMessage>;
export type BlocksJoin = Plain<BlocksJoinMessage>;
export type BlocksLeave = Plain<BlocksLeaveMessage>;
export type BlocksRename = Plain<BlocksRenameMessage>;
export type BlocksHalt = Plain<BlocksHaltMessage>;
export type BlocksCommand = Plain<BlocksCommandMessage>;
export type BlocksPlayer = Plain<BlocksPlayerMessage>;
export type BlocksRemote = Plain<BlocksRemoteMessage>;
export type BlocksCell = Plain<BlocksCellMessage>;
export type BlocksStamp = Plain<BlocksStampMessage>;

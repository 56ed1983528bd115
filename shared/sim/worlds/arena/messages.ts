// The arena's messages as plain values: what the wire and the journal carry, without the library.

import type {
  ArenaAction as ArenaActionMessage,
  ArenaControls as ArenaControlsMessage,
  ArenaParameters as ArenaParametersMessage,
  ArenaSelf as ArenaSelfMessage,
} from "#proto/arena_pb.ts";
import type {
  ArenaCommand as ArenaCommandMessage,
  ArenaHalt as ArenaHaltMessage,
  ArenaInput as ArenaInputMessage,
  ArenaJoin as ArenaJoinMessage,
  ArenaLeave as ArenaLeaveMessage,
  ArenaPlayer as ArenaPlayerMessage,
  ArenaRename as ArenaRenameMessage,
} from "#proto/journal_pb.ts";
import type { Plain } from "../../kernel/plain.ts";

/** Width, height and cell size in units, tick rate per second, seed: 32 bits. */
export type ArenaParameters = Plain<ArenaParametersMessage>;
export type ArenaControls = Plain<ArenaControlsMessage>;
export type ArenaAction = Plain<ArenaActionMessage>;
export type ArenaSelf = Plain<ArenaSelfMessage>;
export type ArenaInput = Plain<ArenaInputMessage>;
export type ArenaJoin = Plain<ArenaJoinMessage>;
export type ArenaLeave = Plain<ArenaLeaveMessage>;
export type ArenaRename = Plain<ArenaRenameMessage>;
export type ArenaHalt = Plain<ArenaHaltMessage>;
export type ArenaCommand = Plain<ArenaCommandMessage>;
export type ArenaPlayer = Plain<ArenaPlayerMessage>;

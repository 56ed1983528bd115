import type { WorldRules } from "../../kernel/world.ts";
import { hashArena } from "./hash.ts";
import type { ArenaInput } from "./messages.ts";
import { ARENA_SCHEMA_VERSION, decodeArenaSnapshot, encodeArenaSnapshot } from "./snapshot.ts";
import { stepArena } from "./step.ts";
import type { ArenaWorld } from "./world.ts";

/** The world `arena`, for those who run worlds of any kind. */
export const arenaRules: WorldRules<ArenaWorld, ArenaInput> = {
  name: "arena",
  schemaVersion: ARENA_SCHEMA_VERSION,
  step: stepArena,
  hash: hashArena,
  encodeSnapshot: encodeArenaSnapshot,
  decodeSnapshot: decodeArenaSnapshot,
};

import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type GhostColumns, GhostColumnsSchema } from "#proto/region_pb.ts";
import { RegionMessageError } from "#shared/net/region-cells.ts";
import type { GhostEmote, GhostRecord, RegionGhosts } from "../../world/region-ghosts.ts";

/** Ghosts in one message, and of those who left; more are refused. */
export const GHOSTS_IN_MESSAGE_MAX = 1_024;
export const GONE_IN_MESSAGE_MAX = 2_048;
const EMOTES_IN_MESSAGE_MAX = 256;
const NAME_LENGTH_MAX = 64;
/** More than the longest message that is allowed, and little enough to read in one turn. */
const BYTES_MAX = 512 * 1_024;
const TICK_RATE_MAX = 1_000;

/** What a region tells in one message. */
export interface GhostTelling {
  readonly tick: number;
  readonly tickRate: number;
  readonly ghosts: readonly GhostRecord[];
  readonly emotes: readonly GhostEmote[];
  readonly gone: readonly number[];
  readonly allGone: boolean;
}

/** A telling as bytes that `unpackGhosts` reads. */
export function packGhosts(telling: GhostTelling): Uint8Array {
  const { tick, tickRate, ghosts, emotes, gone, allGone } = telling;
  const columns: MessageInitShape<typeof GhostColumnsSchema> = {
    tick,
    tickRate,
    id: ghosts.map(({ id }) => id),
    kind: ghosts.map(({ kind }) => kind),
    age: ghosts.map(({ age }) => age),
    x: ghosts.map(({ x }) => x),
    y: ghosts.map(({ y }) => y),
    vx: ghosts.map(({ vx }) => vx),
    vy: ghosts.map(({ vy }) => vy),
    wounds: ghosts.map(({ wounds }) => wounds),
    facing: ghosts.map(({ facing }) => facing),
    state: ghosts.map(({ state }) => state),
    name: ghosts.map(({ name }) => name),
    gone: [...gone],
    allGone,
    emotedId: emotes.map(({ id }) => id),
    emote: emotes.map(({ emote }) => emote),
  };
  return toBinary(GhostColumnsSchema, create(GhostColumnsSchema, columns));
}

/** Throws RegionMessageError when the bytes are no telling, or tell of what cannot be. */
export function unpackGhosts(
  bytes: Uint8Array,
  { region, canShow }: { region: string; canShow: RegionGhosts["canShow"] },
): GhostTelling {
  if (bytes.length > BYTES_MAX) throw ghostsError(region, `${bytes.length} bytes`);
  const columns = decode(bytes, region);
  const { tick, tickRate, gone, allGone, emotedId } = columns;
  const refuse = (reason: string) => {
    throw ghostsError(region, reason);
  };
  if (tickRate === 0 || tickRate > TICK_RATE_MAX) refuse(`${tickRate} ticks per second`);
  if (columns.id.length > GHOSTS_IN_MESSAGE_MAX) refuse(`${columns.id.length} in one message`);
  if (gone.length > GONE_IN_MESSAGE_MAX) refuse(`${gone.length} who left in one message`);
  if (emotedId.length > EMOTES_IN_MESSAGE_MAX) refuse(`${emotedId.length} emotes in one message`);
  if (!isEven(columns)) refuse("columns of different lengths");
  const ghosts = columns.id.map((_, row) => recordOf(columns, row));
  const isWrong = (ghost: GhostRecord) => {
    return ghost.id === 0 || ghost.name.length > NAME_LENGTH_MAX || !canShow(ghost);
  };
  const wrong = ghosts.find(isWrong);
  if (wrong !== undefined) refuse(`entity ${wrong.id} cannot be in this land`);
  const emotes = emotedId.map((id, index) => ({ id, emote: columns.emote[index] ?? 0 }));
  return { tick, tickRate, ghosts, emotes, gone, allGone };
}

function ghostsError(region: string, reason: string): RegionMessageError {
  return new RegionMessageError(`cannot take ghosts of region ${region}: ${reason}`);
}

function isEven(columns: GhostColumns): boolean {
  const { id, kind, age, x, y, vx, vy, wounds, facing, state, name } = columns;
  const others = [kind, age, x, y, vx, vy, wounds, facing, state, name];
  const isPaired = columns.emotedId.length === columns.emote.length;
  return isPaired && others.every(({ length }) => length === id.length);
}

function recordOf(columns: GhostColumns, row: number): GhostRecord {
  return {
    id: columns.id[row] ?? 0,
    kind: columns.kind[row] ?? 0,
    age: columns.age[row] ?? 0,
    x: columns.x[row] ?? 0,
    y: columns.y[row] ?? 0,
    vx: columns.vx[row] ?? 0,
    vy: columns.vy[row] ?? 0,
    wounds: columns.wounds[row] ?? 0,
    facing: columns.facing[row] ?? 0,
    state: columns.state[row] ?? 0,
    name: columns.name[row] ?? "",
  };
}

function decode(bytes: Uint8Array, region: string): GhostColumns {
  try {
    return fromBinary(GhostColumnsSchema, bytes);
  } catch (cause) {
    throw new RegionMessageError(`cannot read ghosts of region ${region}: not GhostColumns`, {
      cause,
    });
  }
}

import { fromBinary } from "@bufbuild/protobuf";
import {
  type RegionBatch,
  type RegionChanges,
  RegionChangesSchema,
  type RegionMessage,
} from "#proto/region_pb.ts";
import { RegionMessageError, unpackCells } from "#shared/net/region-cells.ts";
import { CellChanges } from "#shared/time/cell-changes.ts";
import { compareStamps, type HybridClock } from "#shared/time/hybrid-clock.ts";
import type { RegionNames } from "#shared/time/region-names.ts";
import { inflate } from "./compress.ts";
import type { RegionChangeSet, RegionItem } from "./outgoing-changes.ts";

/** What a batch brought, opened and checked. */
export interface ReceivedBatch extends RegionChangeSet {
  readonly region: string;
  readonly incarnation: number;
  readonly sequence: number;
  readonly madeMs: number;
}

export interface BatchReading {
  readonly regions: RegionNames;
  readonly hybrid: HybridClock;
  /** How long the stream is kept. */
  readonly retentionMs: number;
}

/** Opens a batch; throws RegionMessageError when it is not what it should be. */
export function readBatch(
  message: RegionMessage,
  batch: RegionBatch,
  { regions, hybrid, retentionMs }: BatchReading,
): ReceivedBatch {
  const { region } = message;
  const madeMs = Number(message.timeMs);
  const ageMs = hybrid.timeMs - madeMs;
  if (ageMs > retentionMs) {
    throw new RegionMessageError(
      `cannot take batch ${batch.sequence} of region ${region}: it is ` +
        `${Math.round(ageMs / 3_600_000)} h old and the stream is kept for ` +
        `${Math.round(retentionMs / 3_600_000)} h; what it changed is found by comparing hashes`,
    );
  }
  const { compression, changes: bytes } = batch;
  const changes = decode(inflate({ compression, bytes }), region);
  const cells = new CellChanges();
  if (changes.cells !== undefined) {
    if (changes.cells.regions.some((name) => name !== region)) {
      throw new RegionMessageError(
        `cannot take batch ${batch.sequence} of region ${region}: it speaks for another region`,
      );
    }
    unpackCells(changes.cells, regions, cells);
  }
  return {
    region,
    incarnation: Number(message.incarnation),
    sequence: batch.sequence,
    madeMs,
    cells,
    entities: changes.entities.map(({ id, state }): RegionItem => ({ id, bytes: state })),
    chat: changes.chat.map(({ id, line }): RegionItem => ({ id, bytes: line })),
  };
}

/**
 * The writes that are not too far ahead of the own time, of which the clock takes note; with how
 * many were refused and how far ahead the farthest was.
 */
export function refuseAhead(
  cells: CellChanges,
  hybrid: HybridClock,
): { cells: CellChanges; refused: number; aheadMs: number } {
  let last = 0;
  for (let row = 1; row < cells.length; row += 1) {
    if (compareStamps(stampAt(cells, row), stampAt(cells, last)) > 0) last = row;
  }
  if (cells.length === 0 || hybrid.receive(stampAt(cells, last))) {
    return { cells, refused: 0, aheadMs: 0 };
  }
  const kept = new CellChanges();
  for (let row = 0; row < cells.length; row += 1) {
    if (hybrid.receive(stampAt(cells, row))) kept.copy(cells, row);
  }
  const aheadMs = hybrid.aheadMs(stampAt(cells, last));
  return { cells: kept, refused: cells.length - kept.length, aheadMs };
}

function stampAt(cells: CellChanges, row: number) {
  return { hi: cells.hi[row] ?? 0, lo: cells.lo[row] ?? 0 };
}

function decode(bytes: Uint8Array, region: string): RegionChanges {
  try {
    return fromBinary(RegionChangesSchema, bytes);
  } catch (cause) {
    throw new RegionMessageError(`cannot read batch of region ${region}: not RegionChanges`, {
      cause,
    });
  }
}

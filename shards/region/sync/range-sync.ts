// Finding what two regions have differently, when the stream of batches does not tell: a region is
// new, was away for longer than the stream is kept, or lost some of it. The one that asks sends the
// hashes of 64 nodes of 64 leaves each; the other answers with the leaves of the nodes that differ;
// then the cells of the leaves that differ are fetched, some at a time, and merged like any other
// write. Each region asks for itself. Any message may be lost: then the comparison is given up, and
// begun anew at a later hello.
import { fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type RangeAnswer,
  type RangeCells,
  type RangeFetch,
  type RangeQuestion,
  RegionCellsSchema,
  type RegionMessage,
  type RegionMessageSchema,
} from "#proto/region_pb.ts";
import { packCells, RegionMessageError, unpackCells } from "#shared/net/region-cells.ts";
import { CellChanges } from "#shared/time/cell-changes.ts";
import { type CellRegister, LEAVES } from "#shared/time/cell-register.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { RegionNames } from "#shared/time/region-names.ts";
import { type CompressionName, compress, inflate } from "./compress.ts";
import type { Mirror } from "./mirror.ts";

const NODES = 64;
const LEAVES_PER_NODE = LEAVES / NODES;
const HASH_WORDS = 2;
/** Cells that are asked for at a time, about; a piece of an answer has as many at most. */
const CELLS_PER_FETCH = 10_000;
const LEAVES_PER_FETCH_MAX = 512;
/** Without an answer for so long, a comparison is given up. */
const ANSWER_MS_MAX = 3_000;

/** What a comparison can say; one case of RegionMessage.content. */
export type RangeContent = NonNullable<MessageInitShape<typeof RegionMessageSchema>["content"]>;

export interface RangeSyncOptions {
  readonly mirror: Mirror;
  readonly regions: RegionNames;
  readonly compression: CompressionName;
  readonly clock: Clock;
  readonly say: (content: RangeContent) => void;
  /** Merges cells from a region; resolves once they are in the database. */
  readonly take: (cells: CellChanges, from: string) => Promise<void>;
  /** Told when all that a region has differently is here. */
  readonly done: (from: string) => void;
}

interface Comparison {
  readonly from: string;
  readonly question: number;
  /** Leaves to be fetched yet; undefined before it is known which. */
  leaves: number[] | undefined;
  cancel: () => void;
}

/** Both sides of comparing cells by hash. */
export class RangeSync {
  readonly #options: RangeSyncOptions;
  #comparison: Comparison | undefined;
  #questions = 0;
  /** Comparisons begun, and cells that came of them. */
  readonly figures = { compared: 0, fetchedCells: 0, givenUp: 0 };

  constructor(options: RangeSyncOptions) {
    this.#options = options;
  }

  get isComparing(): boolean {
    return this.#comparison !== undefined;
  }

  /** Begins to fetch what another region has differently; nothing while that is being done. */
  compare(from: string): void {
    if (this.#comparison !== undefined) return;
    this.#questions += 1;
    this.figures.compared += 1;
    const question = this.#questions;
    this.#comparison = { from, question, leaves: undefined, cancel: () => undefined };
    this.#await(this.#comparison);
    const nodes = bytesOf(nodeSums(this.#options.mirror.register));
    this.#options.say({ case: "rangeQuestion", value: { to: from, question, nodes } });
  }

  stop(): void {
    this.#comparison?.cancel();
    this.#comparison = undefined;
  }

  /** Takes what another region says to this one; throws RegionMessageError when it is nonsense. */
  async hear({ region, content }: RegionMessage): Promise<void> {
    if (content.case === "rangeQuestion") this.#answer(region, content.value);
    else if (content.case === "rangeAnswer") this.#descend(region, content.value);
    else if (content.case === "rangeFetch") await this.#give(region, content.value);
    else if (content.case === "rangeCells") await this.#take(region, content.value);
  }

  #answer(to: string, { question, nodes }: RangeQuestion): void {
    const theirs = wordsOf(nodes, NODES);
    const { leafSums } = this.#options.mirror.register;
    const ours = nodeSums(this.#options.mirror.register);
    const differing = differences(ours, theirs);
    const leaves = new Uint32Array(differing.length * LEAVES_PER_NODE * HASH_WORDS);
    differing.forEach((node, at) => {
      const words = LEAVES_PER_NODE * HASH_WORDS;
      leaves.set(leafSums.subarray(node * words, (node + 1) * words), at * words);
    });
    this.#options.say({
      case: "rangeAnswer",
      value: { to, question, nodes: differing, leaves: bytesOf(leaves) },
    });
  }

  #descend(from: string, { question, nodes, leaves }: RangeAnswer): void {
    const comparison = this.#comparisonOf(from, question);
    if (comparison === undefined || comparison.leaves !== undefined) return;
    if (nodes.some((node) => node >= NODES)) throw new RegionMessageError("cannot compare: node");
    const theirs = wordsOf(leaves, nodes.length * LEAVES_PER_NODE);
    const { leafSums } = this.#options.mirror.register;
    const words = LEAVES_PER_NODE * HASH_WORDS;
    comparison.leaves = nodes.flatMap((node, at) => {
      const ours = leafSums.subarray(node * words, (node + 1) * words);
      const other = theirs.subarray(at * words, (at + 1) * words);
      return differences(ours, other).map((leaf) => node * LEAVES_PER_NODE + leaf);
    });
    this.#fetch(comparison);
  }

  #fetch(comparison: Comparison): void {
    const { from, question, leaves = [] } = comparison;
    if (leaves.length === 0) {
      comparison.cancel();
      this.#comparison = undefined;
      this.#options.done(from);
      return;
    }
    const perLeaf = Math.max(1, this.#options.mirror.register.size / LEAVES);
    const most = Math.floor(CELLS_PER_FETCH / perLeaf);
    const now = leaves.splice(0, Math.max(1, Math.min(LEAVES_PER_FETCH_MAX, most)));
    this.#await(comparison);
    this.#options.say({ case: "rangeFetch", value: { to: from, question, leaves: now } });
  }

  async #give(to: string, { question, leaves }: RangeFetch): Promise<void> {
    const { mirror, regions, compression, say } = this.#options;
    if (leaves.length > LEAVES_PER_FETCH_MAX || leaves.some((leaf) => leaf >= LEAVES)) {
      throw new RegionMessageError("cannot give cells: too many leaves, or leaves that are none");
    }
    const cells = new CellChanges();
    for (const leaf of leaves) mirror.register.collectLeaf(leaf, cells);
    await mirror.settled();
    for (let from = 0; from === 0 || from < cells.length; from += CELLS_PER_FETCH) {
      const end = Math.min(cells.length, from + CELLS_PER_FETCH);
      const packed = compress(
        toBinary(RegionCellsSchema, packCells(cells, regions, { from, end })),
        compression,
      );
      const last = end === cells.length;
      const { bytes } = packed;
      say({
        case: "rangeCells",
        value: { to, question, compression: packed.compression, cells: bytes, last },
      });
    }
  }

  async #take(from: string, { question, compression, cells, last }: RangeCells): Promise<void> {
    const comparison = this.#comparisonOf(from, question);
    if (comparison?.leaves === undefined) return;
    comparison.cancel();
    const taken = new CellChanges();
    unpackCells(decodeCells(inflate({ compression, bytes: cells })), this.#options.regions, taken);
    this.figures.fetchedCells += taken.length;
    await this.#options.take(taken, from);
    if (this.#comparison !== comparison) return;
    if (last) this.#fetch(comparison);
    else this.#await(comparison);
  }

  #comparisonOf(from: string, question: number): Comparison | undefined {
    const comparison = this.#comparison;
    const isIt = comparison?.from === from && comparison.question === question;
    return isIt ? comparison : undefined;
  }

  #await(comparison: Comparison): void {
    comparison.cancel();
    comparison.cancel = this.#options.clock.schedule(ANSWER_MS_MAX, () => {
      if (this.#comparison !== comparison) return;
      this.#comparison = undefined;
      this.figures.givenUp += 1;
    });
  }
}

function decodeCells(bytes: Uint8Array) {
  try {
    return fromBinary(RegionCellsSchema, bytes);
  } catch (cause) {
    throw new RegionMessageError("cannot read cells: not a RegionCells", { cause });
  }
}

/** The sums of a node's leaves, which is what its cells' hashes add up to. */
function nodeSums({ leafSums }: CellRegister): Uint32Array {
  const sums = new Uint32Array(NODES * HASH_WORDS);
  for (let leaf = 0; leaf < LEAVES; leaf += 1) {
    const node = Math.floor(leaf / LEAVES_PER_NODE) * HASH_WORDS;
    sums[node] = (sums[node] ?? 0) + (leafSums[leaf * HASH_WORDS] ?? 0);
    sums[node + 1] = (sums[node + 1] ?? 0) + (leafSums[leaf * HASH_WORDS + 1] ?? 0);
  }
  return sums;
}

/** Numbers of the hashes that are not the same. */
function differences(ours: Uint32Array, theirs: Uint32Array): number[] {
  const found: number[] = [];
  for (let at = 0; at < ours.length; at += HASH_WORDS) {
    if (ours[at] === theirs[at] && ours[at + 1] === theirs[at + 1]) continue;
    found.push(at / HASH_WORDS);
  }
  return found;
}

function bytesOf(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, at) => void view.setUint32(at * 4, word, true));
  return bytes;
}

function wordsOf(bytes: Uint8Array, hashes: number): Uint32Array {
  const count = hashes * HASH_WORDS;
  if (bytes.length !== count * 4) {
    throw new RegionMessageError(`cannot compare: ${bytes.length} bytes for ${hashes} hashes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: count }, (_, at) => view.getUint32(at * 4, true));
}

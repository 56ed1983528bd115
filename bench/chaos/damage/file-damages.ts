// Damage to files, as disks, file systems and people do it: bits, runs, pages and ends of the
// database, of its log and of the note beside it, and files of another time.
import type { Random } from "#shared/sim/index.ts";
import type { FileDamage } from "./damage-kind.ts";
import type { DatabaseImage, Lab } from "./lab.ts";

const PAGE = 4_096;
const FRAME = PAGE + 24;
const LOG_HEAD = 32;

type Bytes = (bytes: Uint8Array, random: Random, earlier: Uint8Array) => Uint8Array;

const flipBit: Bytes = (bytes, random) => flipIn(bytes, random, [0, bytes.length]);
const flipManyBits: Bytes = (bytes, random) => {
  let flipped = bytes;
  for (let count = 2 + random.below(30); count > 0; count -= 1)
    flipped = flipBit(flipped, random, bytes);
  return flipped;
};
const overwriteRun: Bytes = (bytes, random) => {
  const start = below(random, bytes.length);
  return bytes.map((byte, at) => (at < start || at >= start + 64 ? byte : random.below(256)));
};
const cutOff: Bytes = (bytes, random) => bytes.slice(0, below(random, bytes.length));
const empty: Bytes = () => new Uint8Array(0);

const onDatabase: readonly (readonly [string, Bytes])[] = [
  ["a bit flipped", flipBit],
  ["many bits flipped", flipManyBits],
  ["a run overwritten", overwriteRun],
  ["its head: a bit flipped", (bytes, random) => flipIn(bytes, random, [0, 100])],
  ["its schema: a bit flipped", (bytes, random) => flipIn(bytes, random, [100, 5 * PAGE])],
  ["a page emptied", (bytes, random) => setPage(bytes, random, () => new Uint8Array(PAGE))],
  ["two pages exchanged", exchangePages],
  [
    "a page over another",
    (bytes, random) => {
      const source = pick(bytes, random);
      return setPage(bytes, random, () => bytes.slice(source, source + PAGE));
    },
  ],
  [
    "a page of another time",
    (bytes, random, earlier) => setPage(bytes, random, (at) => earlier.slice(at, at + PAGE)),
  ],
  ["cut off at a page", (bytes, random) => bytes.slice(0, pick(bytes, random))],
  ["cut off anywhere", cutOff],
  ["emptied", empty],
];

const onLog: readonly (readonly [string, Bytes])[] = [
  ["a bit flipped", flipBit],
  ["many bits flipped", flipManyBits],
  ["a run overwritten", overwriteRun],
  ["its head: a bit flipped", (bytes, random) => flipIn(bytes, random, [0, LOG_HEAD])],
  [
    "its last frame: a bit flipped",
    (bytes, random) => flipIn(bytes, random, [bytes.length - FRAME, bytes.length]),
  ],
  ["two frames exchanged", exchangeFrames],
  [
    "cut off at a frame",
    (bytes, random) => bytes.slice(0, LOG_HEAD + FRAME * frame(bytes, random)),
  ],
  ["cut off anywhere", cutOff],
  ["emptied", empty],
];

const onMark: readonly (readonly [string, Bytes])[] = [
  ["a bit flipped", (bytes, random) => flipIn(bytes, random, [0, 60])],
  ["cut off", cutOff],
  ["lost", empty],
  ["of another time", (_, __, earlier) => earlier],
];

/** All of them, on a database that was closed in order or that a kill has left. */
export const fileDamages: readonly FileDamage[] = [
  ...onDatabase.map(([name, change]) =>
    make(`closed database, ${name}`, "closed", "database", change),
  ),
  ...onDatabase.map(([name, change]) =>
    make(`killed database, ${name}`, "killed", "database", change),
  ),
  ...onLog.map(([name, change]) => make(`log, ${name}`, "killed", "log", change)),
  ...onMark.map(([name, change]) => make(`note, ${name}`, "killed", "mark", change)),
  whole("log of another time", ({ killed, earlier }) => ({ ...killed, log: earlier.log })),
  whole("database of another time", ({ killed, earlier }) => {
    return { ...killed, database: earlier.database };
  }),
  whole("database and log of another time", ({ killed, earlier }) => {
    return { ...earlier, mark: killed.mark };
  }),
];

function make(
  name: string,
  state: "closed" | "killed",
  file: keyof DatabaseImage,
  change: Bytes,
): FileDamage {
  return {
    kind: "files",
    name,
    apply: (lab, random) => {
      const image = lab[state];
      return { ...image, [file]: change(image[file], random, lab.earlier[file]) };
    },
  };
}

function whole(name: string, apply: (lab: Lab) => DatabaseImage): FileDamage {
  return { kind: "files", name, apply };
}

function flipIn(bytes: Uint8Array, random: Random, range: readonly [number, number]): Uint8Array {
  const [start, end] = range;
  const at = start + below(random, Math.min(end, bytes.length) - start);
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
}

function setPage(bytes: Uint8Array, random: Random, page: (at: number) => Uint8Array): Uint8Array {
  const at = pick(bytes, random);
  const changed = bytes.slice();
  changed.set(page(at), at);
  return changed;
}

function exchangePages(bytes: Uint8Array, random: Random): Uint8Array {
  return exchange(bytes, PAGE, [pick(bytes, random), pick(bytes, random)]);
}

function exchangeFrames(bytes: Uint8Array, random: Random): Uint8Array {
  const at = () => LOG_HEAD + FRAME * frame(bytes, random);
  return exchange(bytes, FRAME, [at(), at()]);
}

function exchange(
  bytes: Uint8Array,
  length: number,
  [first, second]: readonly [number, number],
): Uint8Array {
  const changed = bytes.slice();
  changed.set(bytes.subarray(first, first + length), second);
  changed.set(bytes.subarray(second, second + length), first);
  return changed;
}

/** Where some page begins. */
function pick(bytes: Uint8Array, random: Random): number {
  return PAGE * random.below(Math.floor(bytes.length / PAGE));
}

function frame(bytes: Uint8Array, random: Random): number {
  return random.below(Math.floor((bytes.length - LOG_HEAD) / FRAME));
}

/** As `Random.below`, for files beyond its bound. */
function below(random: Random, bound: number): number {
  return bound < 2 ** 21 ? random.below(bound) : random.uint32() % bound;
}

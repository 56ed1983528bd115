import type { Clock } from "#shared/time/clock.ts";
import type { TickRecord } from "../../../shards/loop/messages.ts";
import type { ShardStore } from "../../../shards/persistence/shard-store.ts";
import { openStore, PLAYER } from "./shard-life.ts";

/** Of so many of the last confirmed ticks; answers of earlier ones may have been forgotten. */
const TICKS_WITH_ANSWERS = 20;

/** A database as a power cut left it. */
export interface Image {
  readonly path: string;
  /** The last tick that was confirmed before the cut. */
  readonly confirmed: number;
  /** All that was written, with the ticks whose commit was under way. */
  readonly records: readonly TickRecord[];
}

export interface ImageVerdict {
  /** Why it was not opened, read or closed. */
  readonly refused: string | undefined;
  /** The last tick that is there. */
  readonly tick: number;
  readonly ticksLost: number;
  readonly recordsWrong: number;
  readonly answersLost: number;
}

const NOTHING = { tick: 0, ticksLost: 0, recordsWrong: 0, answersLost: 0 };

/** Opens what the power cut left, as a shard does, and compares it with what was confirmed. */
export async function judgeImage(image: Image, clock: Clock): Promise<ImageVerdict> {
  let store: ShardStore | undefined;
  let verdict: ImageVerdict;
  try {
    store = await openStore(image.path, clock);
    verdict = { refused: undefined, ...(await compare(store, image)) };
  } catch (error) {
    verdict = { refused: String(error), ...NOTHING };
  }
  try {
    await store?.close();
  } catch (error) {
    // A shard that could be read and not be closed is as bad; what failed first tells more.
    return { ...verdict, refused: verdict.refused ?? `cannot close it: ${error}` };
  }
  return verdict;
}

async function compare(
  store: ShardStore,
  { confirmed, records }: Image,
): Promise<Omit<ImageVerdict, "refused">> {
  const { tick } = store;
  const { journal } = await store.recover();
  const wrong = journal.filter((one) => {
    const written = records[one.tick - 1]?.inputs;
    return written === undefined || Buffer.compare(one.inputs, written) !== 0;
  });
  const request = { connection: 1, playerId: PLAYER, ticket: undefined };
  const { answers } = await store.load(request, true);
  const kept = new Set(answers.map(({ actionId }) => Buffer.from(actionId).toString("hex")));
  const expected = records
    .slice(Math.max(0, confirmed - TICKS_WITH_ANSWERS), confirmed)
    .flatMap((record) => record.answers);
  const lost = expected.filter(({ actionId }) => !kept.has(Buffer.from(actionId).toString("hex")));
  return {
    tick,
    ticksLost: Math.max(0, confirmed - tick),
    recordsWrong: wrong.length,
    answersLost: lost.length,
  };
}

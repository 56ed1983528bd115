// Opens a damaged database by the shard's own code and says what became of it.
import type { Log } from "#shared/infra/log.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Lasting, Recovery } from "../../../shards/persistence/messages.ts";
import type { ShardStore } from "../../../shards/persistence/shard-store.ts";
import { restoreWorld } from "../../../shards/restore-world.ts";
import { arenaFactory } from "../../../shards/world/arena/arena-shard-world.ts";
import type { ShardWorld } from "../../../shards/world/shard-world.ts";
import { openLabStore, WORLD } from "./lab.ts";
import { describeAnswer, type Expected, type Truth } from "./truth.ts";

/** What became of a damaged database; the text is what the shard said, or what is wrong. */
export type Verdict = {
  readonly text: string;
  readonly outcome: /** The start was refused, with a text that names the file and the damage. */
    | "refused"
    /** Refused, but the text does not say what is the matter. */
    | "unnamed"
    /** Warned, and exactly the state that was at some tick. */
    | "fellBack"
    /** No word, and all is as if there had been no damage. */
    | "harmless"
    /** A state that never was, or an earlier one without a word. */
    | "wrong"
    /** Accepted, and broken by the first that is written. */
    | "broken";
};

/** What is the matter, as a shard says it. */
const NAMED = new RegExp(
  [
    "damaged|missing|lacks|beyond|journal ends|should have|of another time|not what|malformed",
    "newer|another version|is empty|none of its|does not tell",
  ].join("|"),
);

export async function judge(path: string, truth: Truth, clock: Clock): Promise<Verdict> {
  const warnings: string[] = [];
  let start: Start;
  try {
    start = await openDamaged(path, { clock, warnings });
  } catch (error) {
    return judgeRefusal(path, error);
  }
  const { store, recovery, world } = start;
  try {
    const wrong = await findWrong(start, truth);
    if (wrong !== undefined) return { outcome: "wrong", text: wrong };
    if (recovery.tick < truth.tick && !warnings.some((text) => text.includes("lost"))) {
      return { outcome: "wrong", text: `it starts from tick ${recovery.tick} without a word` };
    }
    await goOn(store, world, truth.at(recovery.tick).tickets);
  } catch (error) {
    return { outcome: "broken", text: describe(error) };
  } finally {
    await store.close().catch(() => undefined);
  }
  const broken = await openAgain(path, { clock, world });
  if (broken !== undefined) return { outcome: "broken", text: broken };
  const text = warnings.join("; ");
  return { outcome: warnings.length > 0 ? "fellBack" : "harmless", text };
}

interface Start {
  readonly store: ShardStore;
  readonly recovery: Recovery;
  readonly lasting: Lasting;
  readonly world: ShardWorld;
}

/** As a shard starts, up to where it asks for its lease. */
async function openDamaged(
  path: string,
  { clock, warnings }: { clock: Clock; warnings: string[] },
): Promise<Start> {
  const store = await openLabStore(path, clock);
  try {
    const recovery = await store.recover();
    const world = await restoreWorld(arenaFactory, recovery, {
      ...WORLD,
      log: collect(warnings),
      databasePath: path,
      recover: (request) => store.recover(request),
    });
    const lasting = await store.readLasting();
    await store.verify();
    return { store, recovery, lasting, world };
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
}

function judgeRefusal(path: string, error: unknown): Verdict {
  const text = describe(error);
  return { outcome: text.includes(path) && NAMED.test(text) ? "refused" : "unnamed", text };
}

/** What differs from what was at the tick; undefined when nothing does. */
async function findWrong(
  { store, recovery, lasting, world }: Start,
  truth: Truth,
): Promise<string | undefined> {
  const { tick } = recovery;
  if (tick > truth.tick || world.tick !== tick) return `tick ${tick}, world at ${world.tick}`;
  const expected = truth.at(tick);
  if (tick > 0 && world.hash() !== expected.hash) return `another state at tick ${tick}`;
  if (!Bun.deepEquals(lasting.sessions, expected.sessions)) return "other sessions";
  const outbox = (await store.readOutbox(1_000)).map(({ id }) => id);
  if (!Bun.deepEquals(outbox, expected.outbox)) return "other messages to be told";
  return await findWrongPlayer(store, expected);
}

async function findWrongPlayer(store: ShardStore, expected: Expected): Promise<string | undefined> {
  const { states, answers, sessions } = expected;
  for (const playerId of new Set([...states.keys(), ...answers.keys(), ...sessions.keys()])) {
    const loaded = await store.load({ connection: 1, playerId, ticket: undefined }, true);
    if (loaded.state?.toHex() !== states.get(playerId)) return `another state of ${playerId}`;
    const found = loaded.answers.map(describeAnswer);
    if (!Bun.deepEquals(found, answers.get(playerId) ?? [])) return `other answers of ${playerId}`;
  }
  return undefined;
}

/** Goes on as a shard does; a ticket that was used is not taken again. */
async function goOn(
  store: ShardStore,
  world: ShardWorld,
  tickets: readonly string[],
): Promise<void> {
  await store.own(3);
  const inputs = world.step().slice();
  const nothing = { departed: [], sessions: [], answers: [], outbox: [] };
  const record = { tick: world.tick, inputs, ...nothing, stateHash: world.hash() };
  const fresh = await store.write({
    records: [record],
    tickets: tickets.map((id) => ({ id, expiresMs: 9e15 })),
    told: [],
  });
  if (fresh.includes(true)) throw new Error("a ticket that was used is taken again");
  await store.saveSnapshot(world.tick, await Bun.zstdCompress(world.snapshot()));
}

async function openAgain(
  path: string,
  { clock, world }: { clock: Clock; world: ShardWorld },
): Promise<string | undefined> {
  try {
    const next = await openDamaged(path, { clock, warnings: [] });
    await next.store.close();
    const isSame = next.world.tick === world.tick && next.world.hash() === world.hash();
    return isSame ? undefined : `it went on to tick ${next.world.tick} or to another state`;
  } catch (error) {
    return describe(error);
  }
}

function collect(warnings: string[]): Log {
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warning: (text) => warnings.push(text),
    error: (text) => warnings.push(text),
    child: () => log,
  };
  return log;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

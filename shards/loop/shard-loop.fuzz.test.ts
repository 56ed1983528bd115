// Players come, go, take over, resume, fight, give, resize and stop reading in random order, over a
// storage of random slowness, at the loop and the gateway of a shard. Each tick and each frame is
// held against the world that the journal tells, with what lasts as of the last commit. In half of
// the runs the process is killed now and then, and another goes on with what storage has: all that
// anybody was shown or told is still so. Repeat one seed with:
//
//   bun test shards/loop/shard-loop.fuzz.test.ts -t "seed 5 at 30 Hz$"
//
// For a longer hunt raise SEEDS or TICKS.
import { expect, test } from "bun:test";
import { fromBinary } from "@bufbuild/protobuf";
import { type ArenaPlayer, ArenaPlayerSchema } from "#proto/journal_pb.ts";
import { INPUT_LEAD_TICKS_MAX, RESUME_WINDOW_MS } from "#shared/net/protocol.ts";
import { createRandom, type Random } from "#shared/sim/index.ts";
import type { LedgerAction } from "../testing/action-ledger.ts";
import { actionFrame, moveFrame } from "../testing/client-frames.ts";
import type { FuzzClient } from "../testing/fuzz-client.ts";
import { FuzzDriver } from "../testing/fuzz-driver.ts";
import { FuzzShard } from "../testing/fuzz-shard.ts";

const SEEDS = 12;
const TICKS = 800;
/** Fewer than there are players. */
const CAPACITY = 12;
/** Ticks after which nothing that was sent is still on its way. */
const QUIET_TICKS = INPUT_LEAD_TICKS_MAX + 10;

const RUNS = [20, 30, 60].flatMap((tickRate) =>
  Array.from({ length: SEEDS }, (_, index) => [index + 1, tickRate] as const),
);

test.each(RUNS)("seed %d at %d Hz", (seed, tickRate) => hunt({ seed, tickRate, deaths: 0 }));

test.each(RUNS)("seed %d at %d Hz, killed now and then", (seed, tickRate) =>
  hunt({ seed, tickRate, deaths: 2 }),
);

/** One run; so many per cent of its ticks are the process's last. */
async function hunt(options: { seed: number; tickRate: number; deaths: number }): Promise<void> {
  const { seed, tickRate, deaths } = options;
  const random = createRandom(seed * 100 + tickRate + deaths * 1_000_000);
  const shard = new FuzzShard(makeParameters(random, { seed, tickRate }), CAPACITY);
  const run: Run = { shard, scores: new Map(), owners: new Map(), hasKills: false };
  try {
    const driver = new FuzzDriver(shard, random);
    for (let tick = 0; tick < TICKS; tick++) {
      await driver.run();
      checkPlayers(shard);
      checkOwners(run);
      checkScores(run);
      if (random.below(100) < deaths) kill(run, random);
    }
    await settle(run);
    answerAll(run);
    empty(run);
    checkKept(run);
  } catch (cause) {
    const place = `seed ${seed} at ${tickRate} Hz${deaths > 0 ? ", killed now and then" : ""}`;
    const repeat = `bun test shards/loop/shard-loop.fuzz.test.ts -t "${place}$"`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`tick ${shard.loop.tick} of ${place}: ${reason}\nRepeat: ${repeat}`, { cause });
  }
}

/** The process dies, perhaps between a commit and word of it: whatever was shown is still so. */
function kill(run: Run, random: Random): void {
  const { shard, scores } = run;
  const shown = shard.clients.map(({ playerId, shown }) => ({ playerId, shown }));
  shard.crash(random.below(12));
  scores.clear();
  checkScores(run);
  for (const { playerId, shown: before } of shown) {
    const now = scores.get(playerId) ?? keptOf(shard, playerId);
    if (before === undefined) continue;
    for (const what of ["kills", "deaths", "score"] as const) {
      expect(now?.[what], `${what} of ${playerId}`).toBeGreaterThanOrEqual(before[what]);
    }
  }
  shard.ledger.check(shard.storage.answers);
}

/** An arena so small that people meet, with a few cells at least. */
function makeParameters(random: Random, fixed: { seed: number; tickRate: number }) {
  const side = () => 300 + random.below(700);
  return { ...fixed, width: side(), height: side(), cellSize: 64 + random.below(192) };
}

interface Run {
  shard: FuzzShard;
  /** What each player has achieved so far. */
  scores: Map<string, Score>;
  /** Whose entity each was that there ever was, in lost ticks too. */
  owners: Map<number, string>;
  /** Whether anybody was killed by anybody. */
  hasKills: boolean;
}

interface Score {
  kills: number;
  deaths: number;
  score: number;
}

/** Whoever plays is in the world as the welcome said, over one connection, and counted. */
function checkPlayers({ clients, truth, loop, capacity }: FuzzShard): void {
  const entities = truth.entities();
  const playing = clients.filter((client) => client.isPlaying);
  for (const { playerId, welcome } of playing) {
    expect(welcome?.entityId, `entity that ${playerId} plays`).toBe(entities.get(playerId) ?? 0);
  }
  expect(new Set(playing.map(({ playerId }) => playerId)).size, "players").toBe(playing.length);
  // The welcomes of some may wait for a commit.
  expect(loop.connected, "players with a connection").toBeWithin(
    playing.length,
    clients.length + 1,
  );
  expect(loop.population, "population").toBe(entities.size);
  expect(loop.population, "population").toBeLessThanOrEqual(capacity);
}

/** An entity that was one player's is never another's, whatever ticks were lost in between. */
function checkOwners({ shard, owners }: Run): void {
  for (const [playerId, entity] of shard.truth.entities()) {
    expect(owners.get(entity) ?? playerId, `whose entity ${entity} is`).toBe(playerId);
    owners.set(entity, playerId);
  }
}

/** What a player has achieved is never lost, whatever becomes of its connections. */
function checkScores(run: Run): void {
  const { scores, shard } = run;
  const { truth } = shard;
  for (const [playerId, entity] of truth.entities()) {
    const now = truth.lastingOf(entity);
    if (now === undefined) throw new Error(`${playerId} has no state`);
    const before = scores.get(playerId) ?? { kills: 0, deaths: 0, score: 0 };
    for (const what of ["kills", "deaths", "score"] as const) {
      expect(now[what], `${what} of ${playerId}`).toBeGreaterThanOrEqual(before[what]);
    }
    run.hasKills ||= now.kills > 0;
    scores.set(playerId, { kills: now.kills, deaths: now.deaths, score: now.score });
  }
}

/** When all is quiet, everyone who plays is heard. */
async function settle(run: Run): Promise<void> {
  const { shard } = run;
  for (const client of shard.clients) {
    client.isReading = true;
    client.dropsNext = false;
  }
  await shard.checkTickets();
  rest(run, QUIET_TICKS);
  for (const client of shard.clients) {
    expect(client.connection.phase, `phase of ${client.playerId}`).toBe("playing");
    client.command(0, (place) => moveFrame(place, { dx: 1, dy: 0 }));
  }
  rest(run, QUIET_TICKS);
  for (const { playerId, sequence, ackedSequence } of shard.clients) {
    expect(ackedSequence, `last ack of ${playerId}`).toBe(sequence);
  }
}

function rest(run: Run, ticks: number): void {
  const { shard } = run;
  for (let tick = 0; tick < ticks; tick++) {
    shard.tick();
    shard.storage.work();
    checkPlayers(shard);
    checkScores(run);
    const playing = shard.clients.filter((client) => client.isPlaying);
    expect(shard.loop.connected, "players with a connection").toBe(playing.length);
  }
}

/** Whatever was asked for and not answered is answered when it is asked for again. */
function answerAll(run: Run): void {
  const { ledger, storage, clients } = run.shard;
  for (const client of clients) {
    // As many at once as may wait.
    for (let open = unansweredOf(run, client); open.length > 0; ) {
      for (const { action, actionId } of open.slice(0, 32)) {
        client.command(0, (place) => actionFrame(place, action, actionId));
      }
      rest(run, 3);
      const left = unansweredOf(run, client);
      expect(left.length, `unanswered actions of ${client.playerId}`).toBeLessThan(open.length);
      open = left;
    }
  }
  ledger.check(storage.answers);
  expect(ledger.results, "results").toBeGreaterThan(10);
  expect(ledger.repeated, "results that came again").toBeGreaterThan(0);
}

function unansweredOf({ shard }: Run, { playerId }: FuzzClient): LedgerAction[] {
  return shard.ledger.of(playerId).filter(({ result }) => result === undefined);
}

/** When everyone has been away for long enough, nothing is left. */
function empty(run: Run): void {
  const { shard } = run;
  for (const client of shard.clients) client.cut();
  rest(run, 1);
  // Less than a second at a time: what the shard stood still for does not count.
  for (let passed = 0; passed < RESUME_WINDOW_MS; passed += 500) {
    shard.clock.advance(500);
    rest(run, 1);
  }
  rest(run, 2);
  expect(shard.loop.population, "population left").toBe(0);
  expect(shard.gateway.connectionCount, "connections left").toBe(0);
  expect([...shard.storage.tokens], "resume tokens left").toEqual([]);
}

/** What the database has of one who left. */
function keptOf({ storage }: FuzzShard, playerId: string): ArenaPlayer | undefined {
  const state = storage.kept.get(playerId);
  return state && fromBinary(ArenaPlayerSchema, state);
}

function checkKept({ shard, scores, hasKills }: Run): void {
  expect(hasKills, "somebody was killed").toBe(true);
  for (const [playerId, score] of scores) {
    const kept = keptOf(shard, playerId);
    expect(kept, `what is kept of ${playerId}`).toMatchObject(score);
    // Each gift and each paid return was done once, and none was lost.
    const credits = shard.ledger.creditsOf(playerId, score.kills, shard.storage.answers);
    expect(kept?.credits, `credits of ${playerId}`).toBe(credits);
  }
}

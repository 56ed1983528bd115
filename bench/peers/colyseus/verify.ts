// Proves the peer right: `bun run bench/peers/colyseus/verify.ts`. Colyseus' own SDK clients among
// counting clients see the same players at the same places at the same tick, all that are near and
// none that are far, moving; the counting clients are sent as many patches.
import { clamp, dxOf, dyOf, FIFTHS, packPose, stepFifths, WINDOW_UNITS } from "./arena.ts";
import { startChild } from "./child.ts";
import { joinCounting, type Tally } from "./counting-client.ts";
import { installPeer } from "./install.ts";

installPeer();
const { joinObserving } = await import("./observer.ts");

const SIDE_UNITS = 2_000;
const RATE_HZ = 20;
const COUNTING = 120;
const OBSERVING = 8;
/** Ticks that are compared, after as many in which views fill. */
const TICKS = 100;
/** Units that two players approach each other between two looks at a view, and some to spare. */
const SLACK_UNITS = 192 / 2 + 40;

/** Where one client sees everyone, tick by tick. */
type Sight = ReadonlyMap<number, ReadonlyMap<string, Place>>;
interface Place {
  readonly x: number;
  readonly y: number;
}

for (const motion of ["directions", "positions"] as const) await verify(motion);

async function verify(motion: "directions" | "positions"): Promise<void> {
  const words = ["--side", String(SIDE_UNITS), "--rate", String(RATE_HZ), "--motion", motion];
  await using server = await startChild<{ url: string }>("server.ts", words, 10_000);
  const { url } = server.hello;
  const tally: Tally = { frames: 0, bytes: 0, cuts: 0 };
  const crowd = await Promise.all(Array.from({ length: COUNTING }, () => joinCounting(url, tally)));
  const acks: number[] = [];
  const observers = await Promise.all(
    Array.from({ length: OBSERVING }, () => joinObserving(url, (ms) => acks.push(ms))),
  );
  const walkers = [...crowd, ...observers];
  const turning = setInterval(() => {
    const pose = packPose(
      Math.floor(Math.random() * 3) - 1,
      Math.floor(Math.random() * 3) - 1,
      true,
    );
    walkers[Math.floor(Math.random() * walkers.length)]?.move(pose);
  }, 1_000 / walkers.length);
  const framesBefore = tally.frames;
  const sights = await Promise.all(
    observers.map(async (one) => ({ key: one.key, sight: await watch(one.room, motion) })),
  );
  const frames = (tally.frames - framesBefore) / COUNTING;
  clearInterval(turning);
  await Promise.all(walkers.map((one) => one.leave()));

  const compared = compare(sights.map(({ sight }) => sight));
  expect(compared.places > 10_000, "observers have many places to compare", compared.places);
  expect(compared.differing === 0, "observers agree about every place", compared.differing);
  expect(compared.moved > 1_000, "players move", compared.moved);
  const view = judgeViews(sights);
  expect(view.missing === 0, "everyone near is in view", view.missing);
  expect(view.far === 0, "nobody far is in view", view.far);
  expect(Math.abs(frames - TICKS * 2) < 5, "counting clients get every patch", frames);
  expect(acks.length > OBSERVING, "inputs are acknowledged", acks.length);
  expect(tally.cuts === 0, "nobody is cut off", tally.cuts);
  console.log(`${motion}: right`);
}

/** Follows one client's state as a game would, for twice `TICKS`; gives the second half. */
function watch(
  room: Awaited<ReturnType<typeof joinObserving>>["room"],
  motion: "directions" | "positions",
): Promise<Sight> {
  const step = stepFifths(RATE_HZ);
  const edge = SIDE_UNITS * FIFTHS;
  const sight = new Map<number, Map<string, Place>>();
  let places = new Map<string, Place>();
  let ticks = 0;
  return new Promise((resolve) => {
    room.onStateChange((state) => {
      const next = new Map<string, Place>();
      state.players.forEach(({ x, y, pose }, key) => {
        const last = motion === "directions" ? places.get(key) : undefined;
        // Told when the player came into sight; from then on it follows from the poses.
        next.set(key, {
          x: last === undefined ? x : clamp(last.x + dxOf(pose) * step, edge),
          y: last === undefined ? y : clamp(last.y + dyOf(pose) * step, edge),
        });
      });
      places = next;
      ticks += 1;
      if (ticks > TICKS) sight.set(state.tick, next);
      if (ticks === TICKS * 2) resolve(sight);
    });
  });
}

function compare(sights: readonly Sight[]) {
  const result = { places: 0, differing: 0, moved: 0 };
  for (const [first, sight] of sights.entries()) {
    for (const [tick, places] of sight) {
      for (const [key, { x, y }] of places) {
        const before = sight.get(tick - 1)?.get(key);
        if (before !== undefined && (before.x !== x || before.y !== y)) result.moved += 1;
        for (const other of sights.slice(first + 1)) {
          const place = other.get(tick)?.get(key);
          if (place === undefined) continue;
          result.places += 1;
          if (place.x !== x || place.y !== y) result.differing += 1;
        }
      }
    }
  }
  return result;
}

/** Whom one sees, judged by where all others say that players are. */
function judgeViews(sights: readonly { key: string; sight: Sight }[]) {
  const result = { missing: 0, far: 0 };
  for (const { key: own, sight } of sights) {
    for (const [tick, places] of sight) {
      const here = places.get(own);
      if (here === undefined) throw new Error(`observer ${own} does not see itself`);
      for (const other of sights) {
        for (const [key, place] of other.sight.get(tick) ?? []) {
          const awayUnits =
            Math.max(Math.abs(place.x - here.x), Math.abs(place.y - here.y)) / FIFTHS;
          const isSeen = places.has(key);
          if (!isSeen && awayUnits < WINDOW_UNITS / 2 - SLACK_UNITS) result.missing += 1;
          if (isSeen && awayUnits > WINDOW_UNITS / 2 + SLACK_UNITS) result.far += 1;
        }
      }
    }
  }
  return result;
}

function expect(isTrue: boolean, what: string, found: number): void {
  if (!isTrue) throw new Error(`the peer is wrong: ${what}; found ${found}`);
  console.log(`  ${what}: ${found}`);
}

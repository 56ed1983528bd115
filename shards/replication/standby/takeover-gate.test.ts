import { expect, test } from "bun:test";
import { ShardKey } from "#shared/model/ids.ts";
import { LEASE_MS, type Lease } from "#shared/model/leases.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { TakeoverGate, type TakeoverQuestion } from "./takeover-gate.ts";

const WHEN = "2027-01-15T08:00:00.000Z";
const gone: Lease = {
  shardKey: ShardKey.parse("arena:1:eu-west-1"),
  epoch: 3,
  holder: "10000000-0000-4000-8000-000000000001",
  databaseId: "life",
  address: "ws://one/game",
  tick: 1_000,
  ticksLost: 0,
  grantedAt: WHEN,
  renewedAt: WHEN,
  expiresAt: WHEN,
  leftMs: 0,
};
const sound: TakeoverQuestion = {
  lease: gone,
  state: "following",
  progress: { epoch: 3, tick: 998, checksum: 7 },
  lives: ["life"],
  ownerTick: 1_000,
};

/** Asks when the server has answered for a while. */
function judge(question: Partial<TakeoverQuestion>, takeOver = false): string | undefined {
  const clock = new FakeClock();
  const gate = new TakeoverGate({ clock, tickRate: 30, takeOver });
  gate.judge({ ...sound, lease: { ...gone, leftMs: LEASE_MS } });
  clock.advance(60_000);
  return gate.judge({ ...sound, ...question });
}

const cases: [string, Partial<TakeoverQuestion>, string | undefined, string | undefined][] = [
  ["an owner that is gone", {}, undefined, undefined],
  ["one that renews", { lease: { ...gone, leftMs: 1 } }, "", ""],
  ["nothing to go on with", { progress: undefined }, "no sound state", "no sound state"],
  ["another shard's replica", { state: "foreign" }, "no sound state", "no sound state"],
  ["a replica out of reach", { state: "unreachable" }, undefined, undefined],
  ["ten seconds behind", { ownerTick: 1_298 }, undefined, undefined],
  ["further behind", { ownerTick: 1_299 }, "told of 301 ticks more", undefined],
  ["further behind the lease", { lease: { ...gone, tick: 5_000 } }, "4002 ticks more", undefined],
  ["another life of the shard", { lives: ["other"] }, "database life is not the one", undefined],
  ["a shard that nobody owned", { lease: undefined }, "knows of nobody who owned", undefined],
];
test.each(cases)("%s", (_, question, byItself, asked) => {
  for (const [said, expected] of [
    [judge(question), byItself],
    [judge(question, true), asked],
  ]) {
    if (expected === undefined || expected === "") expect(said).toBe(expected);
    else expect(said).toContain(expected);
  }
});

test("an owner that stopped in order may return for 30 s", () => {
  const clock = new FakeClock();
  const gate = new TakeoverGate({ clock, tickRate: 30, takeOver: false });
  const stopped = { ...sound, lease: { ...gone, holder: null } };
  gate.judge(stopped);
  clock.advance(29_999);
  expect(gate.judge(stopped)).toBe("the owner stopped in order; it may return for 30 s");
  clock.advance(1);
  expect(gate.judge(stopped)).toBeUndefined();
});

test("an owner that could not renew since the server was away may return first", () => {
  const clock = new FakeClock();
  const gate = new TakeoverGate({ clock, tickRate: 30, takeOver: false });
  gate.judge(sound);
  clock.advance(60_000);
  gate.serverAway();
  clock.advance(60_000);
  expect(gate.judge(sound)).toBe("");
  clock.advance(1_999);
  expect(gate.judge(sound)).toBe("");
  clock.advance(1);
  expect(gate.judge(sound)).toBeUndefined();
});

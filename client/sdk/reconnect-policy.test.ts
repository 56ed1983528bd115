import { expect, test } from "bun:test";
import { CLOSE } from "#shared/net/protocol.ts";
import { ReconnectPolicy } from "./reconnect-policy.ts";

const CODES: readonly (readonly [name: string, code: number, what: string])[] = [
  ["the player left", CLOSE.left, "stop"],
  ["the shard stops", CLOSE.stopping, "retry"],
  ["the network broke", 1006, "retry"],
  ["a flood", CLOSE.flood, "retry"],
  ["a refused credential", CLOSE.credentialRefused, "retry fresh"],
  ["no hello in time", CLOSE.helloTimeout, "retry"],
  ["a newer session", CLOSE.replaced, "stop"],
  ["a full shard", CLOSE.full, "retry"],
  ["another version", CLOSE.version, "stop"],
  ["a revoked login", CLOSE.revoked, "stop"],
  ["too slow", CLOSE.tooSlow, "retry"],
];

for (const [name, code, what] of CODES) {
  test(`after ${name}: ${what}`, () => {
    const decision = new ReconnectPolicy({ random: () => 0 }).closed(code, 0);
    const fresh = decision.kind === "retry" && decision.fresh ? " fresh" : "";
    expect(decision.kind + fresh).toBe(what);
  });
}

test("waits grow up to a bound and are spread by half", () => {
  const least = new ReconnectPolicy({ random: () => 0 });
  const most = new ReconnectPolicy({ random: () => 1 });
  const waits = (policy: ReconnectPolicy) => Array.from({ length: 8 }, () => policy.failed());
  expect(waits(least)).toEqual([100, 150, 225, 337.5, 506.25, 759.375, 1139.0625, 1708.59375]);
  expect(waits(most).slice(0, 3)).toEqual([200, 300, 450]);
  expect([...waits(most), most.failed()].at(-1)).toBe(4_000);
});

test("a connection that played well starts the waits anew, a short one does not", () => {
  const policy = new ReconnectPolicy({ random: () => 1 });
  const waitMs = (playedMs: number) => {
    const decision = policy.closed(1006, playedMs);
    return decision.kind === "retry" ? decision.waitMs : -1;
  };
  expect([waitMs(0), waitMs(0), waitMs(100), waitMs(60_000), waitMs(0)]).toEqual([
    200, 300, 450, 200, 300,
  ]);
});

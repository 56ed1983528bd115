import { expect, test } from "bun:test";
import type { FromWorker, Recovery } from "./messages.ts";
import { packMessage, unpackMessage } from "./recovery-transfer.ts";

const recovery = (): Recovery => ({
  database: { id: "one", epoch: 3, tick: 9 },
  tick: 9,
  snapshot: { tick: 7, state: new Uint8Array([1, 2, 3]), stateHash: "0123456789abcdef" },
  journal: [
    { tick: 8, inputs: new Uint8Array([4]), stateHash: undefined },
    // A part of some larger memory, which must stay where it is.
    { tick: 9, inputs: new Uint8Array(new ArrayBuffer(8), 2, 3), stateHash: undefined },
  ],
  warnings: ["a warning"],
});

function cross(message: FromWorker): FromWorker {
  const packed = packMessage(message);
  return unpackMessage(structuredClone(packed.message, { transfer: packed.transfer as never }));
}

test("a recovery comes over the thread as it was, and its memory is handed over", () => {
  const sent = recovery();
  expect(cross({ kind: "recovered", recovery: sent })).toEqual({
    kind: "recovered",
    recovery: recovery(),
  });
  expect([sent.snapshot?.state.length, sent.journal[0]?.inputs.length]).toEqual([0, 0]);
  expect(sent.journal[1]?.inputs.length).toBe(3);
});

test("sessions come over as they were", () => {
  const sessions: [string, string][] = [
    ["ann", "hash"],
    ['"Zoë"\n🏰', ""],
  ];
  const owned = { kind: "owned", lasting: { sessions } } as const;
  const asRead = { kind: "owned", lasting: { sessions: new Map(sessions) } } as const;
  expect(cross(asRead)).toEqual(owned);
});

test("a recovery of a new world, and every other message", () => {
  const empty = { ...recovery(), snapshot: undefined, journal: [] };
  expect(cross({ kind: "recovered", recovery: empty })).toEqual({
    kind: "recovered",
    recovery: empty,
  });
  expect(cross({ kind: "committed", tick: 5, durationMs: 1 })).toEqual({
    kind: "committed",
    tick: 5,
    durationMs: 1,
  });
});

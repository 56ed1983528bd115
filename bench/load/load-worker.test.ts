import { expect, test } from "bun:test";
import { LoadWorker } from "./load-worker.ts";
import { Recorder } from "./recorder.ts";

const HERE = { x: 100, y: 200 };
const MESSAGE = { bytes: new Uint8Array(0), start: 0, end: 0 };

function setUp() {
  const recorder = new Recorder();
  recorder.open(0, 60_000);
  const sent: string[] = [];
  let sequence = 0;
  let lying = 0;
  const note = (text: string) => {
    sent.push(text);
    return new Uint8Array(0);
  };
  const worker = new LoadWorker({
    recorder,
    nextSequence: () => ++sequence,
    send: () => undefined,
    wire: {
      build: (number) => note(`build ${number}`),
      dig: (number) => note(`dig ${number}`),
      pickUp: (number, item) => note(`pick up ${item} by ${number}`),
      findItem: () => lying,
    },
  });
  const lie = (item: number) => {
    lying = item;
  };
  return { worker, recorder, sent, lie };
}

test("each action follows the result of the one before, and the item that it left", () => {
  const { worker, recorder, sent, lie } = setUp();
  worker.begin(HERE, 0, 5);
  worker.ticked(MESSAGE, 20);
  worker.answered(true, 40);
  expect(sent).toEqual(["build 1", "dig 2"]);
  worker.answered(true, 80);
  worker.ticked(MESSAGE, 90);
  expect(sent.length).toBe(2);
  lie(77);
  worker.ticked(MESSAGE, 100);
  worker.answered(true, 130);
  expect(sent.at(-1)).toBe("pick up 77 by 3");
  expect(recorder.counters).toMatchObject({ deeds: 3, refusals: 0, inputs: 3 });
  // From the intended time of the first, and from when the others could be sent.
  expect(recorder.answer.window.summary()).toMatchObject({ count: 3, max: 40 });
});

test("a refusal ends the piece, and the next one begins at its time", () => {
  const { worker, recorder, sent } = setUp();
  worker.begin(HERE, 0, 0);
  worker.answered(false, 30);
  worker.begin(HERE, 100, 100);
  expect(sent).toEqual(["build 1", "build 2"]);
  expect(recorder.counters).toMatchObject({ deeds: 0, refusals: 1 });
});

test("one who waits is not asked for more, and an answer that never comes is lost", () => {
  const { worker, recorder, sent } = setUp();
  worker.begin(HERE, 0, 0);
  worker.begin(HERE, 1_000, 1_000);
  expect([sent.length, worker.isWaiting(500)]).toEqual([1, true]);
  worker.begin(HERE, 10_000, 10_000);
  expect([sent.length, recorder.answer.lost]).toEqual([2, 1]);
  worker.settle(12_000);
  expect([recorder.answer.lost, worker.isWaiting(13_000)]).toEqual([2, false]);
});

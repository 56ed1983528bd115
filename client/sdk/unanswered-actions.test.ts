import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import type { ActionError } from "./action-error.ts";
import { UnansweredActions } from "./unanswered-actions.ts";

const SHARD = "arena:1:eu-west-1";
const HALF_AN_HOUR_MS = 1_800_000;

/** Actions whose shard never answers; `sleptMs` is what the monotonic clock does not know of. */
class Bench {
  readonly clock = new FakeClock();
  sleptMs = 0;
  sent = 0;
  readonly actions = new UnansweredActions<string>({
    clock: {
      monotonicMs: () => this.clock.monotonicMs(),
      wallMs: () => this.clock.wallMs() + this.sleptMs,
      schedule: (delayMs, callback) => this.clock.schedule(delayMs, callback),
    },
    randomBytes: (length) => new Uint8Array(length).fill(7),
  });

  constructor() {
    this.actions.reconnected(SHARD);
  }

  send(): void {
    this.actions.send(this.clock.monotonicMs(), () => {
      this.sent += 1;
    });
  }
}

test.each([
  ["has passed", (bench: Bench, ms: number) => bench.clock.advance(ms)],
  [
    "was slept through",
    (bench: Bench, ms: number) => {
      bench.sleptMs += ms;
    },
  ],
])("what was sent is not sent again once half an hour %s", async (_, pass) => {
  const bench = new Bench();
  const outcome = bench.actions.add("respawn", "");
  const failure = outcome.then(
    () => undefined,
    (error: ActionError) => error,
  );
  bench.send();
  pass(bench, HALF_AN_HOUR_MS - 1);
  bench.actions.reconnected(SHARD);
  bench.send();
  expect(bench.sent).toBe(2);
  pass(bench, 1);
  bench.actions.reconnected(SHARD);
  bench.send();
  expect(bench.sent).toBe(2);
  const error = await failure;
  expect(error?.problem).toBe("unknown");
  expect(error?.message).toStartWith("cannot tell whether respawn was done: no answer came for");
});

test("what was never sent goes out, however late", () => {
  const bench = new Bench();
  void bench.actions.add("respawn", "");
  bench.clock.advance(2 * HALF_AN_HOUR_MS);
  bench.send();
  expect(bench.sent).toBe(1);
});

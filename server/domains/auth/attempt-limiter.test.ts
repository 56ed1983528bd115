import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createTestServer } from "../../testing/test-server.ts";
import { ATTEMPTS_BURST_MAX, AttemptLimiter } from "./attempt-limiter.ts";

test("an address has a burst, then one attempt a second; others have their own", () => {
  const clock = new FakeClock();
  const limiter = new AttemptLimiter(clock);
  for (let count = 0; count < ATTEMPTS_BURST_MAX; count++) limiter.take("10.0.0.1");
  expect(() => limiter.take("10.0.0.1")).toThrow("too many attempts; try again in 1 s");
  limiter.take("10.0.0.2");
  clock.advance(1_000);
  limiter.take("10.0.0.1");
  expect(() => limiter.take("10.0.0.1")).toThrow("too many attempts");
});

test("this machine is not limited", () => {
  const limiter = new AttemptLimiter(new FakeClock());
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
    for (let count = 0; count < ATTEMPTS_BURST_MAX + 1; count++) limiter.take(address);
  }
});

test("making guests beyond the limit answers 429 with Retry-After", async () => {
  await using server = await createTestServer();
  for (let count = 0; count < ATTEMPTS_BURST_MAX; count++) server.deps.attempts.take("10.0.0.1");
  const answer = await server.call("POST", "/trpc/auth.guest", { body: { json: {} } });
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("1");
});

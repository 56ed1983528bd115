import { expect, test } from "bun:test";
import { AppError } from "#shared/model/errors.ts";
import { createTestServer, readError } from "../../testing/test-server.ts";
import { HASHES_RUNNING_MAX, HASHES_WAITING_MAX, ThreadedHasher } from "./password-hasher.ts";

const ROOM = HASHES_RUNNING_MAX + HASHES_WAITING_MAX;

test("a password matches its own hash only, and nothing matches no hash", async () => {
  using passwords = new ThreadedHasher();
  const hash = await passwords.hash("correct horse");
  expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  expect(await passwords.verify("correct horse", hash)).toBe(true);
  expect(await passwords.verify("wrong horse", hash)).toBe(false);
  expect(await passwords.verify("correct horse", null)).toBe(false);
});

test("a hash that is none fails, and the next is hashed all the same", async () => {
  using passwords = new ThreadedHasher();
  await expect(passwords.verify("x", "no hash")).rejects.toThrow("cannot hash a password");
  expect(await passwords.verify("x", null)).toBe(false);
});

test("security 3: one hash more than may run and wait is refused", async () => {
  using passwords = new ThreadedHasher();
  const attempts = Array.from({ length: ROOM + 1 }, () => passwords.verify("x", null));
  const results = await Promise.allSettled(attempts);
  const refused = results.filter((result) => result.status === "rejected");
  expect(refused).toHaveLength(1);
  const reason: unknown = refused[0]?.reason;
  expect(reason instanceof AppError && reason.code).toBe("BUSY");
  expect(results[ROOM]?.status).toBe("rejected");
});

test("security 3: of 100 logins at once some wait, others are told when to come", async () => {
  await using server = await createTestServer({ limitFactor: 10_000 });
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const body = { username: `nobody${index}`, password: "correct horse battery" };
      const headers = { "x-test-address": "127.0.0.1" };
      return server.call("POST", "/api/auth/log-in", { body, headers });
    }),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(100 - ROOM);
  for (const answer of refused) {
    expect([answer.headers.get("retry-after"), readError(answer).code]).toEqual(["2", "BUSY"]);
  }
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(ROOM);
}, 60_000);

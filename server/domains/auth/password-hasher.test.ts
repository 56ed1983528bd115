import { expect, test } from "bun:test";
import { AppError } from "#shared/model/errors.ts";
import { createPasswordHasher, HASHES_RUNNING_MAX, HASHES_WAITING_MAX } from "./password-hasher.ts";

test("a password matches its own hash only, and nothing matches no hash", async () => {
  const passwords = await createPasswordHasher();
  const hash = await passwords.hash("correct horse");
  expect(await passwords.verify("correct horse", hash)).toBe(true);
  expect(await passwords.verify("wrong horse", hash)).toBe(false);
  expect(await passwords.verify("correct horse", null)).toBe(false);
});

test("security 3: one hash more than may run and wait is refused", async () => {
  const passwords = await createPasswordHasher();
  const room = HASHES_RUNNING_MAX + HASHES_WAITING_MAX;
  const attempts = Array.from({ length: room + 1 }, () => passwords.verify("x", null));
  const results = await Promise.allSettled(attempts);
  const refused = results.filter((result) => result.status === "rejected");
  expect(refused).toHaveLength(1);
  const reason: unknown = refused[0]?.reason;
  expect(reason instanceof AppError && reason.code).toBe("BUSY");
  expect(results[room]?.status).toBe("rejected");
});

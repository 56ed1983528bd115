import type { Credentials, LogInInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../../deps.ts";
import { findPlayerByUsername } from "../players/index.ts";
import { createSession } from "./create-session.ts";

/** Logs an account in; an unknown name and a wrong password cost and look the same. */
export async function logInPlayer(
  deps: ServerDeps,
  address: string,
  input: LogInInput,
): Promise<Credentials> {
  const { username, password } = input;
  deps.attempts.take(address);
  deps.throttle.begin(username, address);
  const row = await findPlayerByUsername(deps.database, username);
  const matches = await deps.passwords.verify(password, row?.passwordHash ?? null);
  if (row === undefined || !matches) {
    deps.metrics.logins.inc({ kind: "password", result: "refused" });
    throw new AppError("CREDENTIALS_WRONG", "cannot log in: the username or the password is wrong");
  }
  deps.throttle.succeed(username, address);
  deps.metrics.logins.inc({ kind: "password", result: "ok" });
  return createSession(deps, row);
}

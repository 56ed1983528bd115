import type { Credentials, LogInInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../../deps.ts";
import { findPlayerByUsername, type PlayerRow } from "../players/index.ts";
import { createSession } from "./create-session.ts";

/** Logs an account in; an unknown name and a wrong password cost and look the same. */
export async function logInPlayer(
  deps: ServerDeps,
  address: string,
  input: LogInInput,
): Promise<Credentials> {
  const { username } = input;
  deps.attempts.take(address);
  deps.throttle.begin(username, address);
  const row = await findMatching(deps, address, input);
  if (row === undefined) {
    deps.metrics.logins.inc({ kind: "password", result: "refused" });
    throw new AppError("CREDENTIALS_WRONG", "cannot log in: the username or the password is wrong");
  }
  deps.throttle.succeed(username, address);
  deps.metrics.logins.inc({ kind: "password", result: "ok" });
  return createSession(deps, row);
}

async function findMatching(
  deps: ServerDeps,
  address: string,
  { username, password }: LogInInput,
): Promise<PlayerRow | undefined> {
  try {
    const row = await findPlayerByUsername(deps.database, username);
    const matches = await deps.passwords.verify(password, row?.passwordHash ?? null);
    return matches ? row : undefined;
  } catch (error) {
    deps.throttle.withdraw(username, address);
    throw error;
  }
}

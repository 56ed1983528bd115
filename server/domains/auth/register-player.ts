import { isConstraintError } from "#shared/infra/db/database.ts";
import type { Credentials, RegisterInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import { DisplayName } from "#shared/model/players.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findPlayerByUsername } from "../players/index.ts";
import { createPlayerWithSession } from "./create-session.ts";

/** Makes an account and logs it in. */
export async function registerPlayer(
  deps: ServerDeps,
  caller: Caller,
  input: RegisterInput,
): Promise<Credentials> {
  const { username } = input;
  deps.attempts.take(caller.address);
  // Asked before hashing too: a taken name should not cost a hash.
  if ((await findPlayerByUsername(deps.database, username)) !== undefined) {
    throw usernameTaken(username);
  }
  const passwordHash = await deps.passwords.hash(input.password);
  try {
    const credentials = await createPlayerWithSession(deps, caller, {
      guest: false,
      username,
      passwordHash,
      displayName: input.displayName ?? DisplayName.parse(username),
    });
    deps.metrics.logins.inc({ kind: "register", result: "ok" });
    return credentials;
  } catch (error) {
    if (isConstraintError(error, "username_key")) throw usernameTaken(username);
    throw error;
  }
}

/** The name is another player's, whatever its case. */
export function usernameTaken(username: string): AppError {
  return new AppError(
    "USERNAME_TAKEN",
    `cannot register "${username}": the name is taken; choose another one`,
  );
}

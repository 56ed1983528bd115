import { isConstraintError } from "#shared/infra/db/database.ts";
import type { Credentials, RegisterInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import { DisplayName } from "#shared/model/players.ts";
import type { ServerDeps } from "../../deps.ts";
import { findPlayerByUsername } from "../players/index.ts";
import { createPlayerWithSession } from "./create-session.ts";

/** Makes an account and logs it in. */
export async function registerPlayer(
  deps: ServerDeps,
  address: string,
  input: RegisterInput,
): Promise<Credentials> {
  const { username } = input;
  deps.attempts.take(address);
  // Asked before hashing too: a taken name should not cost a hash.
  if ((await findPlayerByUsername(deps.database, username)) !== undefined) throw taken(username);
  const passwordHash = await deps.passwords.hash(input.password);
  try {
    const credentials = await createPlayerWithSession(deps, {
      username,
      passwordHash,
      displayName: input.displayName ?? DisplayName.parse(username),
    });
    deps.metrics.logins.inc({ kind: "register", result: "ok" });
    return credentials;
  } catch (error) {
    if (isConstraintError(error, "username_key")) throw taken(username);
    throw error;
  }
}

function taken(username: string): AppError {
  return new AppError(
    "USERNAME_TAKEN",
    `cannot register "${username}": the name is taken; choose another one`,
  );
}

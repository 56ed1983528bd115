import { eq } from "drizzle-orm";
import { players, sessions } from "#shared/infra/db/schema/control.ts";
import type { Credentials, LogInInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findPlayerByUsername, type PlayerRow } from "../players/index.ts";
import { checkSecondFactor, findTotp } from "./check-second-factor.ts";
import { createSession } from "./create-session.ts";
import { endSessions } from "./end-sessions.ts";

/** Logs an account in; an unknown name and a wrong password cost and look the same. */
export async function logInPlayer(
  deps: ServerDeps,
  caller: Caller,
  input: LogInInput,
): Promise<Credentials> {
  const { username } = input;
  const { address } = caller;
  deps.attempts.take(address);
  deps.throttle.begin(username, address);
  const row = await findMatching(deps, address, input);
  if (row === undefined) {
    deps.metrics.logins.inc({ kind: "password", result: "refused" });
    throw wrong();
  }
  deps.throttle.succeed(username, address);
  const totp = await findTotp(deps, row.id);
  if (totp !== undefined) await checkSecondFactor(deps, totp, input.code);
  const session = { device: caller.device, secondFactor: totp !== undefined };
  const credentials = await createSession(deps, session, row);
  await assertPasswordStands(deps, row);
  deps.metrics.logins.inc({ kind: "password", result: "ok" });
  return credentials;
}

/** Whoever changed the password meanwhile ended all logins that there were, and not this one. */
async function assertPasswordStands(deps: ServerDeps, row: PlayerRow): Promise<void> {
  const [now] = await deps.database.orm
    .select({ passwordHash: players.passwordHash })
    .from(players)
    .where(eq(players.id, row.id));
  if (now?.passwordHash === row.passwordHash) return;
  await endSessions(deps, eq(sessions.playerId, row.id), "password changed");
  throw wrong();
}

function wrong(): AppError {
  return new AppError("CREDENTIALS_WRONG", "cannot log in: the username or the password is wrong");
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

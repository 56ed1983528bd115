import { sql } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { players } from "#shared/infra/db/schema/control.ts";
import type { Credentials, SetUpInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import { DisplayName } from "#shared/model/players.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { issueCredentials, newPlayerRow, prepareSession } from "./create-session.ts";
import { usernameTaken } from "./register-player.ts";

/** Makes the first administrator, for whoever has the token that the start printed. */
export async function setUpDeployment(
  deps: ServerDeps,
  caller: Caller,
  { token, username, password }: SetUpInput,
): Promise<Credentials> {
  deps.attempts.take(caller.address);
  if (!deps.setUpLink.accepts(token)) throw refused();
  const passwordHash = await deps.passwords.hash(password);
  const displayName = DisplayName.parse(username);
  const fields = { username, passwordHash, displayName, guest: false };
  const row = { ...newPlayerRow(deps, fields), role: "admin" as const };
  const { statements, session } = prepareSession(deps, caller, row.id);
  const { orm } = deps.database;
  const event = "deployment.set-up";
  try {
    await deps.audit.write({ event, actorId: null, targetId: row.id }, ({ insert }) =>
      orm.batch([
        // Without a row the session has no player, and nothing at all is written.
        orm.run(sql`INSERT INTO ${players} (id, username, username_key, password_hash,
            display_name, role, guest, created_at_ms)
          SELECT ${row.id}, ${username}, ${row.usernameKey}, ${passwordHash}, ${displayName},
            ${row.role}, 0, ${row.createdAtMs}
          WHERE NOT EXISTS (SELECT 1 FROM ${players} WHERE role = 'admin')`),
        ...statements,
        insert(),
      ]),
    );
  } catch (error) {
    if (isConstraintError(error, "username_key")) throw usernameTaken(username);
    if (isConstraintError(error, "FOREIGN KEY")) throw refused();
    throw error;
  }
  deps.setUpLink.close();
  deps.log.info("the deployment has its first administrator", { player: row.id, username });
  return issueCredentials(deps, row, session);
}

function refused(): AppError {
  return new AppError(
    "FORBIDDEN",
    "cannot set up: the link is used or of an earlier start; a server that has no administrator " +
      "prints a new one when it starts",
  );
}

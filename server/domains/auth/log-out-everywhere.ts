import { eq } from "drizzle-orm";
import { sessions } from "#shared/infra/db/schema/control.ts";
import type { LoggedOut } from "#shared/model/auth.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { endSessions } from "./end-sessions.ts";

/** Ends all logins of the caller, the one that asks included. */
export async function logOutEverywhere(deps: ServerDeps, actor: Actor): Promise<LoggedOut> {
  await endSessions(deps, eq(sessions.playerId, actor.playerId), "logged out everywhere");
  return { loggedOut: true };
}

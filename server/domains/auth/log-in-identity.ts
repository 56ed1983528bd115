import { and, eq } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { identities, players } from "#shared/infra/db/schema/control.ts";
import type { Credentials } from "#shared/model/auth.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import type { PlayerRow } from "../players/index.ts";
import {
  createSession,
  issueCredentials,
  type NewPlayer,
  newPlayerRow,
  prepareSession,
} from "./create-session.ts";

export interface ProvenIdentity {
  readonly provider: string;
  readonly subject: string;
  /** Who it becomes when nobody has it yet. */
  readonly newcomer: NewPlayer;
}

/** Logs in whoever an identity belongs to; it must have been proven to be the caller's. */
export async function logInIdentity(
  deps: ServerDeps,
  caller: Caller,
  identity: ProvenIdentity,
): Promise<Credentials> {
  const kind = identity.provider;
  const known = await findOwner(deps, identity);
  if (known === undefined) {
    const credentials = await createOwner(deps, caller, identity);
    if (credentials !== undefined) {
      deps.metrics.logins.inc({ kind, result: "new" });
      return credentials;
    }
  }
  // One that is new here may have come twice at once: then the other one made the player.
  const row = known ?? (await findOwner(deps, identity));
  if (row === undefined) throw new Error(`cannot log in by ${kind}: its player has just gone`);
  const credentials = await createSession(deps, caller, row);
  await deps.database.orm
    .update(identities)
    .set({ usedAtMs: deps.clock.wallMs() })
    .where(isIdentity(identity));
  deps.metrics.logins.inc({ kind, result: "ok" });
  return credentials;
}

/** Which row an identity is. */
export function isIdentity({ provider, subject }: Pick<ProvenIdentity, "provider" | "subject">) {
  return and(eq(identities.provider, provider), eq(identities.subject, subject));
}

async function findOwner(
  { database }: Pick<ServerDeps, "database">,
  identity: ProvenIdentity,
): Promise<PlayerRow | undefined> {
  const [found] = await database.orm
    .select({ player: players })
    .from(identities)
    .innerJoin(players, eq(players.id, identities.playerId))
    .where(isIdentity(identity));
  return found?.player;
}

/** Undefined when somebody has the identity by now. */
async function createOwner(
  deps: ServerDeps,
  caller: Caller,
  { provider, subject, newcomer }: ProvenIdentity,
): Promise<Credentials | undefined> {
  const { orm } = deps.database;
  const row = newPlayerRow(deps, newcomer);
  const { statements, session } = prepareSession(deps, caller, row.id);
  const times = { createdAtMs: row.createdAtMs, usedAtMs: row.createdAtMs };
  try {
    await orm.batch([
      orm.insert(players).values(row),
      orm.insert(identities).values({ provider, subject, playerId: row.id, ...times }),
      ...statements,
    ]);
  } catch (error) {
    if (isConstraintError(error, "identities.provider")) return undefined;
    throw error;
  }
  return issueCredentials(deps, row, session);
}

import { and, eq } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { identities, players } from "#shared/infra/db/schema/control.ts";
import type { Credentials } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import { DisplayName } from "#shared/model/players.ts";
import type { Actor, Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import type { ProvenPerson } from "./identity/identity-strategy.ts";
import { isIdentity, logInIdentity } from "./log-in-identity.ts";

export interface ProvenLogin {
  readonly provider: string;
  readonly person: ProvenPerson;
  /** The caller, who is logged in, is this person from now on. */
  readonly link: boolean;
}

/**
 * Logs in whoever a provider vouches for, as the player that this person was before, as a new one,
 * or, with `link`, as the caller, who loses nothing and is no guest any more.
 */
export async function logInPerson(
  deps: ServerDeps,
  { actor, ...caller }: Caller & { actor: Actor | null },
  { provider, person, link }: ProvenLogin,
): Promise<Credentials> {
  const { subject, anonymous } = person;
  if (link) await linkPerson(deps, actor, { provider, person });
  const displayName = toDisplayName(person.name);
  return logInIdentity(deps, caller, {
    provider,
    subject,
    newcomer: { username: null, passwordHash: null, displayName, guest: anonymous },
  });
}

async function linkPerson(
  { database: { orm }, clock }: ServerDeps,
  actor: Actor | null,
  { provider, person }: Pick<ProvenLogin, "provider" | "person">,
): Promise<void> {
  if (actor === null) {
    throw new AppError("UNAUTHORIZED", "cannot link this login: send the player's access token");
  }
  const { playerId } = actor;
  const { subject, anonymous } = person;
  const nowMs = clock.wallMs();
  const times = { createdAtMs: nowMs, usedAtMs: nowMs };
  const isMe = eq(players.id, playerId);
  const insert = orm.insert(identities).values({ provider, subject, playerId, ...times });
  try {
    if (anonymous) await insert;
    else await orm.batch([insert, orm.update(players).set({ guest: false }).where(and(isMe))]);
  } catch (error) {
    if (!isConstraintError(error, "identities.provider")) throw error;
    const [owner] = await orm
      .select({ playerId: identities.playerId })
      .from(identities)
      .where(isIdentity({ provider, subject }));
    if (owner?.playerId === playerId) return;
    throw new AppError("CONFLICT", "cannot link this login: it is another player's");
  }
}

/** What the provider calls the person, as far as names here may look so. */
function toDisplayName(name: string | undefined): string {
  const parsed = DisplayName.safeParse([...(name ?? "")].slice(0, 24).join(""));
  return parsed.success ? parsed.data : "Player";
}

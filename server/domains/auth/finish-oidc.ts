import { and, eq, gt } from "drizzle-orm";
import { oidcFlows } from "#shared/infra/db/schema/control.ts";
import type { Credentials } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { FinishOidcInput } from "#shared/model/identity.ts";
import type { Actor, Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { hashFlow, requireOidc } from "./begin-oidc.ts";
import { logInPerson } from "./log-in-person.ts";

/** Ends a sign-in: once, by the client that began it. */
export async function finishOidc(
  deps: ServerDeps,
  caller: Caller & { actor: Actor | null },
  { flow, callbackUrl, link }: FinishOidcInput,
): Promise<Credentials> {
  const { oidc } = requireOidc(deps);
  deps.attempts.take(caller.address);
  const isGood = and(
    eq(oidcFlows.hash, hashFlow(flow)),
    gt(oidcFlows.expiresAtMs, deps.clock.wallMs()),
  );
  const [checks] = await deps.database.orm.delete(oidcFlows).where(isGood).returning();
  if (checks === undefined) {
    throw new AppError(
      "TOKEN_EXPIRED",
      "cannot end the sign-in: it is over, or took longer than ten minutes; begin anew",
    );
  }
  const person = await oidc.finish(callbackUrl, checks);
  return logInPerson(deps, caller, { provider: oidc.provider, person, link });
}

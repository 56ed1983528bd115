import type { Credentials } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { LogInWithInput } from "#shared/model/identity.ts";
import type { Actor, Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { logInPerson } from "./log-in-person.ts";

/** Logs in by what another system gave the client. */
export async function logInWith(
  deps: ServerDeps,
  caller: Caller & { actor: Actor | null },
  { strategy: name, proof, link }: LogInWithInput,
): Promise<Credentials> {
  deps.attempts.take(caller.address);
  const strategy = deps.identity.strategies.find((one) => one.name === name);
  if (strategy === undefined) {
    const known = deps.identity.strategies.map((one) => one.name).join(", ") || "none";
    throw new AppError("NOT_FOUND", `cannot log in with ${name}: this deployment takes ${known}`);
  }
  const person = await strategy.prove(proof);
  return logInPerson(deps, caller, { provider: strategy.provider, person, link });
}

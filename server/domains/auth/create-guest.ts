import { randomInt } from "node:crypto";
import type { Credentials, GuestInput } from "#shared/model/auth.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { createPlayerWithSession } from "./create-session.ts";

/** Makes a player without an account; the refresh token is the only way back to them. */
export async function createGuest(
  deps: ServerDeps,
  caller: Caller,
  input: GuestInput,
): Promise<Credentials> {
  deps.attempts.take(caller.address);
  const displayName = input.displayName ?? `Guest ${randomInt(1000, 10_000)}`;
  const credentials = await createPlayerWithSession(deps, caller, {
    guest: true,
    username: null,
    passwordHash: null,
    displayName,
  });
  deps.metrics.logins.inc({ kind: "guest", result: "ok" });
  return credentials;
}

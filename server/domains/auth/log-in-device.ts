import { randomInt } from "node:crypto";
import type { Credentials, LogInDeviceInput } from "#shared/model/auth.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { DEVICE_PROVIDER, hashDeviceKey } from "./device-key.ts";
import { logInIdentity } from "./log-in-identity.ts";

/** Logs the player of a device in; a device that is new here gets a guest. */
export async function logInDevice(
  deps: ServerDeps,
  caller: Caller,
  input: LogInDeviceInput,
): Promise<Credentials> {
  deps.attempts.take(caller.address);
  const displayName = input.displayName ?? `Guest ${randomInt(1000, 10_000)}`;
  return logInIdentity(deps, caller, {
    provider: DEVICE_PROVIDER,
    subject: hashDeviceKey(input.deviceKey),
    newcomer: { username: null, passwordHash: null, displayName, guest: true },
  });
}

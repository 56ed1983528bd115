import { isConstraintError } from "#shared/infra/db/database.ts";
import { identities } from "#shared/infra/db/schema/control.ts";
import type { LinkDeviceInput, LinkedDevice } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { DEVICE_PROVIDER, hashDeviceKey } from "./device-key.ts";
import { isIdentity } from "./log-in-identity.ts";

/** Lets a device log the caller in from now on; one that does so already stays as it is. */
export async function linkDevice(
  { database: { orm }, clock }: ServerDeps,
  { playerId }: Actor,
  { deviceKey }: LinkDeviceInput,
): Promise<LinkedDevice> {
  const nowMs = clock.wallMs();
  const device = { provider: DEVICE_PROVIDER, subject: hashDeviceKey(deviceKey) };
  const times = { createdAtMs: nowMs, usedAtMs: nowMs };
  try {
    await orm.insert(identities).values({ ...device, playerId, ...times });
  } catch (error) {
    if (!isConstraintError(error, "identities.provider")) throw error;
    const [owner] = await orm
      .select({ playerId: identities.playerId })
      .from(identities)
      .where(isIdentity(device));
    if (owner?.playerId !== playerId) {
      throw new AppError(
        "CONFLICT",
        "cannot link the device: it logs another player in; make a new key for it",
      );
    }
  }
  return { linked: true };
}

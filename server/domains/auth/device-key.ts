import { createHash } from "node:crypto";

/** Of identities that are devices. */
export const DEVICE_PROVIDER = "device";

/** How a device is stored; a fast hash is enough for a key that is random by its schema. */
export function hashDeviceKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

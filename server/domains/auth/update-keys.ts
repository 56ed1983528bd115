import type { KeyList, RotateKeysInput } from "#shared/model/auth.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import type { LiveKey } from "./signing-keys.ts";

/** Makes the key that signs next; tokens stay good unless it is to be at once. */
export async function rotateKeys(
  deps: ServerDeps,
  actor: Actor,
  { atOnce }: RotateKeysInput,
): Promise<KeyList> {
  const { playerId: actorId } = actor;
  return describe(await deps.keys.rotate(deps.audit, { atOnce, actorId }));
}

/** The keys that verify now, the newest first. */
export async function listKeys(deps: ServerDeps): Promise<KeyList> {
  return describe(await deps.keys.live());
}

function describe(keys: readonly LiveKey[]): KeyList {
  return {
    keys: keys.map(({ id, signsFromMs, retiresAtMs }) => ({
      id,
      signsFrom: new Date(signsFromMs).toISOString(),
      retiresAt: retiresAtMs === null ? null : new Date(retiresAtMs).toISOString(),
    })),
  };
}

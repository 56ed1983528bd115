import type { Mode } from "#shared/infra/settings.ts";

export interface OriginPolicy {
  mode: Mode;
  /** Origins that may open game sockets, e.g. https://play.example.com. */
  allowed: readonly string[];
}

/**
 * Whether a WebSocket from this origin is let in. A browser always says where the page came from;
 * programs that are no browser send none and are let in, since they cannot be tricked into acting
 * for a signed-in user.
 */
export function isOriginAllowed(origin: string | null, policy: OriginPolicy): boolean {
  if (origin === null) return true;
  if (policy.allowed.includes(origin)) return true;
  return policy.mode === "development" && isLocal(origin);
}

function isLocal(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}

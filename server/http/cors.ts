/** Which web pages of other origins may call the API. */
import type { Mode } from "#shared/infra/settings.ts";

const METHODS = "GET, POST, PATCH, PUT, DELETE";
const HEADERS = "authorization, content-type, trpc-accept, last-event-id";
const PREFLIGHT_SECONDS = 600;

export interface CorsOptions {
  readonly mode: Mode;
  readonly allowedOrigins: readonly string[];
}

/** What the web page at `origin` is allowed, in the answer; nothing when it may not read it. */
export function setCorsHeaders(
  headers: Headers,
  origin: string | null,
  options: CorsOptions,
): void {
  // tRPC names its own headers there.
  headers.append("vary", "origin");
  if (origin === null || !isAllowed(origin, options)) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-allow-methods", METHODS);
  headers.set("access-control-allow-headers", HEADERS);
  headers.set("access-control-expose-headers", "retry-after, ratelimit, ratelimit-policy");
  headers.set("access-control-max-age", String(PREFLIGHT_SECONDS));
}

/** In development any port of this machine may, so that a game's own dev server can. */
function isAllowed(origin: string, { mode, allowedOrigins }: CorsOptions): boolean {
  if (allowedOrigins.includes(origin)) return true;
  if (mode === "production") return false;
  const hostname = URL.parse(origin)?.hostname ?? "";
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

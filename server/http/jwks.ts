/** The public keys by which shards and others check tokens (RFC 7517). */
import { Elysia } from "elysia";
import type { ServerDeps } from "../deps.ts";

const CACHE_SECONDS = 300;

/** The route, to be mounted on the app. */
export function createJwks(deps: ServerDeps) {
  return new Elysia().get("/.well-known/jwks.json", () =>
    Response.json(deps.tokens.keySet, {
      headers: { "cache-control": `public, max-age=${CACHE_SECONDS}` },
    }),
  );
}

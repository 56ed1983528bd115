/** The public keys by which shards and others check tokens (RFC 7517). */
import { Elysia } from "elysia";
import type { ServerDeps } from "../deps.ts";

/** A fraction of the time for which a new key is shown before it signs. */
const CACHE_SECONDS = 60;

/** The route, to be mounted on the app. */
export function createJwks(deps: ServerDeps) {
  return new Elysia().get("/.well-known/jwks.json", async () =>
    Response.json(await deps.tokens.readKeySet(), {
      headers: { "cache-control": `public, max-age=${CACHE_SECONDS}` },
    }),
  );
}

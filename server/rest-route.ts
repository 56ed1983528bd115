import type { RestRoute } from "./trpc.ts";

/** Meta that shows a procedure under /api; `protected` when it needs a login. */
export function rest(
  method: RestRoute["method"],
  path: RestRoute["path"],
  summary: string,
): { openapi: RestRoute } {
  const tag = path.split("/")[1] ?? "";
  return { openapi: { method, path, summary, tags: [tag], protect: false } };
}

/** As `rest`, for procedures that need an access token. */
export function protectedRest(
  method: RestRoute["method"],
  path: RestRoute["path"],
  summary: string,
): { openapi: RestRoute } {
  return { openapi: { ...rest(method, path, summary).openapi, protect: true } };
}

/** Headers on every answer; pages bring their own content policy. */
const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-opener-policy", "same-origin"],
];
const CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** To be called for every answer. */
export function setSecurityHeaders(headers: Headers): void {
  for (const [name, value] of SECURITY_HEADERS) headers.set(name, value);
  if (!headers.has("content-security-policy")) {
    headers.set("content-security-policy", CONTENT_POLICY);
  }
}

/** For the reference page: its own files, and the styles that it sets by itself. */
export const CONTENT_POLICY_DOCS =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "frame-ancestors 'none'";

/** For the account page: its own files and this server's API. */
export const CONTENT_POLICY_ACCOUNT =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** For the demo: shards may be on any host, PlayCanvas makes workers and images from blobs. */
export const CONTENT_POLICY_PLAY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; " +
  "worker-src 'self' blob:; connect-src 'self' http: https: ws: wss: data: blob:; " +
  "frame-ancestors 'none'";

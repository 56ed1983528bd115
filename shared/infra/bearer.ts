/** The header `Authorization: Bearer …`. */
import { timingSafeEqual } from "node:crypto";

/** The token of a request. */
export function readBearer(request: Request): string | undefined {
  return readHeader(request.headers.get("authorization") ?? undefined);
}

/** Whether the request carries exactly this secret; takes the same time for every wrong one. */
export function hasBearer(request: Request, secret: string): boolean {
  return isBearer(request.headers.get("authorization") ?? undefined, secret);
}

/** As `hasBearer`, given the header's value. */
export function isBearer(authorization: string | undefined, secret: string): boolean {
  const given = readHeader(authorization);
  return given !== undefined && timingSafeEqual(digest(given), digestOfSecret(secret));
}

function readHeader(authorization: string | undefined): string | undefined {
  return /^Bearer ([!-~]+)$/i.exec(authorization ?? "")?.[1];
}

/** A process has one secret, which each call is held against. */
let known = { secret: "", digest: digest("") };

function digestOfSecret(secret: string): Uint8Array {
  if (known.secret !== secret) known = { secret, digest: digest(secret) };
  return known.digest;
}

function digest(text: string): Uint8Array {
  return Bun.CryptoHasher.hash("sha256", text);
}

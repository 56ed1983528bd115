/** The header `Authorization: Bearer …`. */
import { createHash, timingSafeEqual } from "node:crypto";

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
  return given !== undefined && timingSafeEqual(digest(given), digest(secret));
}

function readHeader(authorization: string | undefined): string | undefined {
  return /^Bearer ([!-~]+)$/i.exec(authorization ?? "")?.[1];
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

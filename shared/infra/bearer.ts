/** The header `Authorization: Bearer …`. */
import { createHash, timingSafeEqual } from "node:crypto";

/** The token of a request. */
export function readBearer(request: Request): string | undefined {
  return /^Bearer ([!-~]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** Whether the request carries exactly this secret; takes the same time for every wrong one. */
export function hasBearer(request: Request, secret: string): boolean {
  const given = readBearer(request);
  return given !== undefined && timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

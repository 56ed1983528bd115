import { z } from "zod";

const Claims = z.looseObject({
  /** Access of a libSQL server: rw or ro. */
  a: z.string().optional(),
  /** Seconds since 1970. */
  exp: z.number().optional(),
});

/** What a token claims, unchecked; undefined when it is no JWT. */
export function decodeJwt(token: string): z.infer<typeof Claims> | undefined {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    return Claims.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}

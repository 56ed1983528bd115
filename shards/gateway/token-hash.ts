/** SHA-256: what the database keeps does not let anyone resume. */
export function hashToken(token: string): string {
  return new Bun.CryptoHasher("sha256").update(token).digest("base64url");
}

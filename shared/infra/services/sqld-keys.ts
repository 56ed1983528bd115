// The key pair by which a sqld knows its clients.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT } from "jose";
import { systemClock } from "#shared/time/clock.ts";

const TOKEN_DAYS = 30;
const DAY_SECONDS = 86_400;

export interface SqldKeys {
  /** File with the public key, for `--auth-jwt-key-file`. */
  readonly publicKeyFile: string;
  /** A token for the next 30 days: `rw` reads and writes, `ro` only reads. */
  sign(access: "rw" | "ro"): Promise<string>;
}

/** The Ed25519 key pair in `folder`, made when there is none; only its owner may read it. */
export function openSqldKeys(folder: string): SqldKeys {
  const publicKeyFile = join(folder, "jwt-public.pem");
  const privateKey = readPrivateKey(folder);
  // Always written: it must belong to the private key whatever happened to either file.
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
  writeFileSync(publicKeyFile, publicKey);
  return {
    publicKeyFile,
    sign: (access) =>
      new SignJWT({ a: access })
        .setProtectedHeader({ alg: "EdDSA" })
        .setExpirationTime(new Date(systemClock.wallMs() + TOKEN_DAYS * DAY_SECONDS * 1_000))
        .sign(privateKey),
  };
}

function readPrivateKey(folder: string): KeyObject {
  const path = join(folder, "jwt-private.pem");
  if (existsSync(path)) return createPrivateKey(readFileSync(path));
  mkdirSync(folder, { recursive: true });
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  writeFileSync(path, pem, { mode: 0o600 });
  return privateKey;
}

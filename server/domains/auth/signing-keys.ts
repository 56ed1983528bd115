/**
 * The Ed25519 keys that sign tokens, from the control database. A new key is shown to everybody
 * before it signs anything, and the one before verifies until its last token has expired: so two
 * are live during a rotation, and nobody notices it.
 */
import { desc, gt, isNull, lt, or } from "drizzle-orm";
import { exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { signingKeys } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "../../deps.ts";
import type { AuditLog } from "../audit/index.ts";

export const ALGORITHM = "EdDSA";
/** Between a key's making and its first signature: shards and proxies look for keys more often. */
export const KEY_LEAD_MS = 5 * 60 * 1_000;
/** Between a key's last signature and its end: an access token's life, and clocks that differ. */
export const KEY_TAIL_MS = 16 * 60 * 1_000;
/** Another server of this deployment may have rotated. */
const RELOAD_MS = 30_000;
const KEPT_MS = 24 * 60 * 60 * 1_000;

export interface LiveKey {
  readonly id: string;
  readonly publicJwk: JWK;
  readonly privateKey: CryptoKey;
  readonly signsFromMs: number;
  /** Null for the one that has no successor yet. */
  readonly retiresAtMs: number | null;
}

export interface Rotation {
  /** Everything that the key before signed is worth nothing at once: for one that has leaked. */
  readonly atOnce: boolean;
  readonly actorId: PlayerId;
}

/** The keys as they are now, read anew now and then. */
export class SigningKeys {
  readonly #database: ControlDatabase;
  readonly #clock: Clock;
  #keys: readonly LiveKey[] = [];
  #readMs = Number.NEGATIVE_INFINITY;

  constructor(database: ControlDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Makes the first key when there is none. */
  async open(): Promise<void> {
    await this.#read();
    if (this.#keys.length > 0) return;
    await this.#database.orm.insert(signingKeys).values(await this.#make(0));
    await this.#read();
  }

  /** All that verify, the newest first. */
  async live(): Promise<readonly LiveKey[]> {
    const isOld = this.#clock.monotonicMs() - this.#readMs >= RELOAD_MS;
    // What was read before is good enough while the database is away.
    if (isOld) await this.#read().catch(() => undefined);
    const nowMs = this.#clock.wallMs();
    return this.#keys.filter(({ retiresAtMs }) => retiresAtMs === null || retiresAtMs > nowMs);
  }

  /** The newest that may sign by now. */
  async signer(): Promise<LiveKey> {
    const nowMs = this.#clock.wallMs();
    const key = (await this.live()).find(({ signsFromMs }) => signsFromMs <= nowMs);
    if (key === undefined) throw new Error("cannot issue tokens: there is no signing key");
    return key;
  }

  /** Makes the next key. Throws CONFLICT while two are live, unless it is to be at once. */
  async rotate(audit: AuditLog, { atOnce, actorId }: Rotation): Promise<readonly LiveKey[]> {
    await this.#read();
    const live = await this.live();
    if (!atOnce && live.length > 1) {
      throw new AppError(
        "CONFLICT",
        "cannot rotate keys: a rotation is under way, and ends when the older key does; " +
          "auth.listKeys shows when",
      );
    }
    const nowMs = Math.trunc(this.#clock.wallMs());
    const row = await this.#make(atOnce ? 0 : KEY_LEAD_MS);
    const retiredAtMs = atOnce ? nowMs : row.signsFromMs + KEY_TAIL_MS;
    const { orm } = this.#database;
    const isLive = or(isNull(signingKeys.retiredAtMs), gt(signingKeys.retiredAtMs, nowMs));
    await audit.write(
      {
        event: "deployment.keys-rotated",
        actorId,
        targetId: null,
        details: { key: row.id, atOnce },
      },
      ({ insert }) =>
        orm.batch([
          orm.update(signingKeys).set({ retiredAtMs }).where(isLive),
          orm.delete(signingKeys).where(lt(signingKeys.retiredAtMs, nowMs - KEPT_MS)),
          orm.insert(signingKeys).values(row),
          insert(),
        ]),
    );
    await this.#read();
    return this.live();
  }

  async #make(leadMs: number) {
    const nowMs = Math.trunc(this.#clock.wallMs());
    const pair = await generateKeyPair(ALGORITHM, { crv: "Ed25519", extractable: true });
    const id = crypto.randomUUID();
    const common = { alg: ALGORITHM, use: "sig", kid: id };
    return {
      id,
      privateJwk: JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...common }),
      publicJwk: JSON.stringify({ ...(await exportJWK(pair.publicKey)), ...common }),
      createdAtMs: nowMs,
      signsFromMs: nowMs + leadMs,
    };
  }

  async #read(): Promise<void> {
    const rows = await this.#database.orm
      .select()
      .from(signingKeys)
      .where(or(isNull(signingKeys.retiredAtMs), gt(signingKeys.retiredAtMs, this.#clock.wallMs())))
      .orderBy(desc(signingKeys.signsFromMs), desc(signingKeys.id));
    this.#keys = await Promise.all(rows.map(readKey));
    this.#readMs = this.#clock.monotonicMs();
  }
}

async function readKey(row: typeof signingKeys.$inferSelect): Promise<LiveKey> {
  const { id, signsFromMs } = row;
  const privateKey = await importJWK(JSON.parse(row.privateJwk), ALGORITHM);
  if (privateKey instanceof Uint8Array) {
    throw new Error(`cannot issue tokens: signing key ${id} is no private key`);
  }
  const publicJwk: JWK = JSON.parse(row.publicJwk);
  return { id, publicJwk, privateKey, signsFromMs, retiresAtMs: row.retiredAtMs };
}

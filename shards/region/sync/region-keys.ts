import { createHmac, timingSafeEqual } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type RegionMessage,
  RegionMessageSchema,
  type SignedRegionMessage,
  SignedRegionMessageSchema,
} from "#proto/region_pb.ts";
import { RegionMessageError } from "#shared/net/region-cells.ts";

/** The secret of each region that takes part; who is not in it is refused. */
export type RegionKeys = ReadonlyMap<string, Uint8Array>;

/** Keys for regions of one deployment, each made of the secret that all its processes share. */
export function deriveRegionKeys(secret: string, regions: Iterable<string>): RegionKeys {
  return new Map(
    [...regions].map((region) => {
      return [region, createHmac("sha256", secret).update(`region ${region}`).digest()];
    }),
  );
}

/** Signs what a region says, with its key. */
export function signMessage(message: RegionMessage, keys: RegionKeys): SignedRegionMessage {
  const key = keys.get(message.region);
  if (key === undefined) throw new Error(`cannot sign for region ${message.region}: it has no key`);
  const bytes = toBinary(RegionMessageSchema, message);
  return create(SignedRegionMessageSchema, {
    region: message.region,
    message: bytes,
    signature: signatureOf(bytes, key),
  });
}

/** What a region said, if it is known and it was that region; throws RegionMessageError if not. */
export function openMessage(signed: SignedRegionMessage, keys: RegionKeys): RegionMessage {
  const { region, message: bytes, signature } = signed;
  const name = JSON.stringify(region.slice(0, 40));
  const key = keys.get(region);
  if (key === undefined) {
    throw new RegionMessageError(
      `cannot take message of region ${name}: it is unknown here; add its file to regions/, or ` +
        "its key to TESSERA_REGION_KEYS where that is set",
    );
  }
  const expected = signatureOf(bytes, key);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new RegionMessageError(
      `cannot take message of region ${name}: its signature is wrong; ` +
        "give all regions the same keys",
    );
  }
  const message = decode(bytes, name);
  if (message.region === region) return message;
  throw new RegionMessageError(`cannot take message of region ${name}: it speaks for another`);
}

function signatureOf(bytes: Uint8Array, key: Uint8Array): Uint8Array {
  return new Bun.CryptoHasher("sha256", key).update(bytes).digest();
}

function decode(bytes: Uint8Array, name: string): RegionMessage {
  try {
    return fromBinary(RegionMessageSchema, bytes);
  } catch (cause) {
    throw new RegionMessageError(`cannot read message of region ${name}: not a RegionMessage`, {
      cause,
    });
  }
}

import { openDatabase } from "#shared/infra/db/database.ts";
import { remoteFaultOf } from "#shared/infra/db/remote-fault.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import { checksumOfEpoch } from "../../persistence/checksums.ts";
import { ancestorsOf } from "../copy/compare.ts";
import { readHead } from "../copy/head.ts";

/** A server that does not answer in this time is in the region that was lost. */
const REQUEST_MS_MAX = 500;

export interface FenceOptions {
  /** Where the owners of the shard ship to. */
  url: string;
  token: string | undefined;
  /** The lease's. */
  epoch: number;
  /** Facts of the database that is taken over. */
  facts: ReadonlyMap<string, string>;
}

/**
 * Notes an epoch at the primary of a shard's replicas, so that an owner from before cannot add to
 * it any more. False when what is there is another database, or none; throws when nobody answers.
 */
export async function fencePrimary(options: FenceOptions): Promise<boolean> {
  const { url, token, epoch, facts } = options;
  const remote = await openDatabase({
    place: url,
    schema,
    requestMsMax: REQUEST_MS_MAX,
    ...(token !== undefined && { authToken: token }),
  });
  try {
    const head = await readHead(remote.client);
    const id = head.facts.get("database_id") ?? "";
    if (![facts.get("database_id"), ...ancestorsOf(facts)].includes(id)) return false;
    await remote.client.batch(
      [
        {
          sql: "UPDATE progress SET epoch = ?1, epoch_checksum = ?2 WHERE epoch < ?1",
          args: [epoch, checksumOfEpoch(epoch)],
        },
      ],
      "write",
    );
    return true;
  } catch (error) {
    if (remoteFaultOf(error).kind === "empty") return false;
    throw error;
  } finally {
    await remote.close();
  }
}

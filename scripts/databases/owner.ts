// Asks the process that has a database open to keep its file still while it is copied.
import { statSync } from "node:fs";
import { z } from "zod";
import { describeFile } from "#shared/infra/db/database-hold.ts";
import { HoldAnswer, type HoldRequest } from "#shared/infra/db/hold-messages.ts";
import { HOLD_PATH } from "#shared/infra/db/hold-path.ts";
import type { Clock } from "#shared/time/clock.ts";
import { copyInSteps } from "./copy-in-steps.ts";

const ANSWER_MS_MAX = 10_000;
/** Well within the time after which a hold of which nothing is heard ends. */
const RENEW_MS = 3_000;

/** A server or shard that runs. */
export interface Owner {
  /** `http://…`, without a path. */
  readonly url: string;
  readonly clusterSecret: string;
}

const METHODS: Readonly<Record<HoldRequest["action"], string>> = {
  take: "POST",
  renew: "PUT",
  release: "DELETE",
};

/** The file did not stand still all the time, as when its process has stopped: try once more. */
export class BrokenHold extends Error {
  override readonly name = "BrokenHold";
}

/**
 * Copies a database that `owner` has open; throws when the copy is not certain to be whole, a
 * BrokenHold when another attempt may do better.
 */
export async function copyHeldDatabase(
  owner: Owner,
  { from, to, clock }: { from: string; to: string; clock: Clock },
): Promise<void> {
  const id = crypto.randomUUID();
  const { file } = await askHold(owner, { action: "take", id });
  const ours = describeFile(from);
  if (file.device !== ours.device || file.inode !== ours.inode) {
    await askHold(owner, { action: "release", id });
    throw new Error(
      `cannot copy ${from}: the process at ${owner.url} uses another file; give TESSERA_DATA the ` +
        "value that it has there, or run this on its machine",
    );
  }
  let heardMs = clock.monotonicMs();
  const keepHold = async (action: "renew" | "release") => {
    heardMs = clock.monotonicMs();
    await askHold(owner, { action, id }).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BrokenHold(reason, { cause });
    });
  };
  await copyInSteps(from, to, async () => {
    if (clock.monotonicMs() - heardMs >= RENEW_MS) await keepHold("renew");
  });
  await keepHold("release");
  if (statSync(to).size !== file.bytes) {
    throw new Error(
      `cannot copy ${from}: the copy has ${statSync(to).size} of ${file.bytes} bytes`,
    );
  }
}

type Held = Extract<HoldAnswer, { held: true }>;

async function askHold(owner: Owner, { action, id }: HoldRequest): Promise<Held> {
  const path = `${HOLD_PATH}?id=${id}`;
  const answer = HoldAnswer.parse(await ask(owner, path, METHODS[action]));
  if (answer.held) return answer;
  throw new Error(`cannot copy the database of ${owner.url}: ${answer.reason}; try again`);
}

const ShardList = z.object({ shards: z.array(z.object({ key: z.string(), address: z.string() })) });

/** The shards that a server hears from, by key: where each serves. */
export async function listShards(owner: Owner): Promise<Map<string, string>> {
  const { shards } = ShardList.parse(await ask(owner, "/shards", "GET"));
  return new Map(shards.map(({ key, address }) => [key, toHttpOrigin(address)]));
}

const ShardHealth = z.object({ shard: z.string() });

/** The key of the shard that serves at an address. */
export async function askShardKey(owner: Owner): Promise<string> {
  return ShardHealth.parse(await ask(owner, "/health", "GET")).shard;
}

function toHttpOrigin(address: string): string {
  return new URL(address.replace(/^ws/, "http")).origin;
}

async function ask({ url, clusterSecret }: Owner, path: string, method: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(new URL(path, url), {
      method,
      // What needs no secret is not told it.
      headers: path === "/health" ? {} : { authorization: `Bearer ${clusterSecret}` },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      redirect: "error",
    });
  } catch (cause) {
    throw new Error(`cannot reach ${url}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  if (response.status === 401) {
    throw new Error(
      `cannot ask ${url}: it has another cluster secret; use its TESSERA_CLUSTER_SECRET or, in ` +
        "development, its TESSERA_DATA",
    );
  }
  if (response.ok || response.status === 409) return await response.json();
  throw new Error(`cannot ask ${url}: it answers ${method} ${path} with ${response.status}`);
}

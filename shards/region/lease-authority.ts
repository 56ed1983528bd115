import { ConfigurationError } from "#shared/infra/settings.ts";
import type { ShardKey } from "#shared/model/ids.ts";
import {
  type AcquireLeaseInput,
  FoundLease,
  type Lease,
  LeaseAnswer,
  ReleasedLease,
  type ReleaseLeaseInput,
  type RenewLeaseInput,
} from "#shared/model/leases.ts";
import type { Clock } from "#shared/time/clock.ts";

/** Whoever says which process owns a shard; a call that rejects was not answered. */
export interface LeaseAuthority {
  /** Undefined when no shard of that key ever ran. */
  find(shardKey: ShardKey): Promise<Lease | undefined>;
  acquire(claim: AcquireLeaseInput): Promise<LeaseAnswer>;
  renew(claim: RenewLeaseInput): Promise<LeaseAnswer>;
  release(lease: ReleaseLeaseInput): Promise<ReleasedLease>;
}

/** The server as the authority: its procedures `leases.*`, as REST. */
export interface HttpLeaseAuthorityOptions {
  readonly serverUrl: string;
  readonly clusterSecret: string;
  readonly clock: Clock;
  /** Bun's fetch; tests may hand the request to a server in the same process. */
  readonly send?: (request: Request) => Promise<Response>;
}

/** An answer later than this is not waited for: four more tries fit into a lease. */
const ANSWER_MS_MAX = 1_000;

/** Asks over HTTP, with the cluster secret. */
export class HttpLeaseAuthority implements LeaseAuthority {
  readonly #options: HttpLeaseAuthorityOptions;

  constructor(options: HttpLeaseAuthorityOptions) {
    this.#options = options;
  }

  async find(shardKey: ShardKey): Promise<Lease | undefined> {
    const answer = await this.#send("GET", pathOf(shardKey, "owner"));
    return FoundLease.parse(answer).lease ?? undefined;
  }

  async acquire(claim: AcquireLeaseInput): Promise<LeaseAnswer> {
    return LeaseAnswer.parse(await this.#post("acquire", claim));
  }

  async renew(claim: RenewLeaseInput): Promise<LeaseAnswer> {
    return LeaseAnswer.parse(await this.#post("renew", claim));
  }

  async release(lease: ReleaseLeaseInput): Promise<ReleasedLease> {
    return ReleasedLease.parse(await this.#post("release", lease));
  }

  async #post(what: string, input: { shardKey: string }): Promise<unknown> {
    const { shardKey, ...body } = input;
    return await this.#send("POST", pathOf(shardKey, what), JSON.stringify(body));
  }

  async #send(method: "GET" | "POST", path: string, body?: string): Promise<unknown> {
    const { serverUrl, clusterSecret, clock, send = fetch } = this.#options;
    const timeout = new AbortController();
    const cancel = clock.schedule(ANSWER_MS_MAX, () =>
      timeout.abort(new Error(`no answer within ${ANSWER_MS_MAX} ms`)),
    );
    try {
      const response = await send(
        new Request(new URL(path, serverUrl), {
          method,
          headers: {
            authorization: `Bearer ${clusterSecret}`,
            "content-type": "application/json",
          },
          signal: timeout.signal,
          ...(body !== undefined && { body }),
        }),
      );
      return await readAnswer(response, serverUrl);
    } finally {
      cancel();
    }
  }
}

function pathOf(shardKey: string, what: string): string {
  return `/api/leases/${encodeURIComponent(shardKey)}/${what}`;
}

async function readAnswer(response: Response, serverUrl: string): Promise<unknown> {
  if (response.ok) return await response.json();
  const text = (await response.text()).slice(0, 200);
  if (response.status === 401) {
    throw new ConfigurationError(
      `cannot own a shard: the server at ${serverUrl} does not know this cluster secret; give ` +
        "both the same TESSERA_CLUSTER_SECRET, or the same TESSERA_DATA",
    );
  }
  throw new Error(`the server answers ${response.status}: ${text}`);
}

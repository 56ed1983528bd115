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
import { askServer, type ServerAccess } from "./ask-server.ts";

/** Whoever says which process owns a shard; a call that rejects was not answered. */
export interface LeaseAuthority {
  /** Undefined when no shard of that key ever ran. */
  find(shardKey: ShardKey): Promise<Lease | undefined>;
  acquire(claim: AcquireLeaseInput): Promise<LeaseAnswer>;
  renew(claim: RenewLeaseInput): Promise<LeaseAnswer>;
  release(lease: ReleaseLeaseInput): Promise<ReleasedLease>;
}

/** The server as the authority: its procedures `leases.*`. */
export class HttpLeaseAuthority implements LeaseAuthority {
  readonly #server: ServerAccess;

  constructor(server: ServerAccess) {
    this.#server = server;
  }

  async find(shardKey: ShardKey): Promise<Lease | undefined> {
    const answer = await askServer(this.#server, pathOf(shardKey, "owner"));
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

  #post(what: string, { shardKey, ...body }: { shardKey: string }): Promise<unknown> {
    return askServer(this.#server, pathOf(shardKey, what), body);
  }
}

function pathOf(shardKey: string, what: string): string {
  return `/api/leases/${encodeURIComponent(shardKey)}/${what}`;
}

// Leases without a server, for tests and measurements that have none.
import {
  AcquireLeaseInput,
  LEASE_MS,
  type Lease,
  type LeaseAnswer,
  type ReleasedLease,
  ReleaseLeaseInput,
  RenewLeaseInput,
} from "#shared/model/leases.ts";
import type { LeaseAuthority } from "../region/lease-authority.ts";

const WHEN = "2027-01-15T08:00:00.000Z";

/**
 * Grants every shard to whoever asks, at once, and refuses to renew what another was granted since.
 * The rules by which the real one decides are the server's.
 */
export class PaperAuthority implements LeaseAuthority {
  /** While true nothing is answered. */
  away = false;
  readonly #leases = new Map<string, Lease>();

  /** A lease's holder is gone: it has run out. */
  expire(shardKey: string): void {
    const lease = this.#leases.get(shardKey);
    if (lease !== undefined) this.#leases.set(shardKey, { ...lease, leftMs: 0 });
  }

  async find(shardKey: string): Promise<Lease | undefined> {
    if (this.away) throw new Error("the authority is away");
    return this.#leases.get(shardKey);
  }

  async acquire(claim: AcquireLeaseInput): Promise<LeaseAnswer> {
    if (this.away) throw new Error("the authority is away");
    const { shardKey, holder, databaseId, address, tick } = claim;
    const before = this.#leases.get(shardKey);
    const isHolder = before?.holder === holder;
    const epoch = isHolder ? before.epoch : Math.max(claim.epoch, before?.epoch ?? 0) + 1;
    const times = { grantedAt: WHEN, renewedAt: WHEN, expiresAt: WHEN, leftMs: LEASE_MS };
    const own = { shardKey, holder, databaseId, address, tick };
    const lease: Lease = { ...own, epoch, ticksLost: 0, ...times };
    this.#leases.set(shardKey, lease);
    return { outcome: "granted", lease };
  }

  async renew(claim: RenewLeaseInput): Promise<LeaseAnswer> {
    if (this.away) throw new Error("the authority is away");
    const lease = this.#leases.get(claim.shardKey);
    if (lease === undefined) throw new Error(`nobody was granted ${claim.shardKey}`);
    if (lease.holder === claim.holder) return { outcome: "granted", lease };
    const message = `process ${lease.holder} holds it under epoch ${lease.epoch}`;
    return { outcome: "refused", reason: "lost", message, lease };
  }

  async release(): Promise<ReleasedLease> {
    if (this.away) throw new Error("the authority is away");
    return { released: true };
  }

  /** Answers as the server's REST routes do; undefined for every other request. */
  async handle(request: Request): Promise<Response | undefined> {
    const { pathname } = new URL(request.url);
    const [, shardKey = "", what] = /^\/api\/leases\/([^/]+)\/(\w+)$/.exec(pathname) ?? [];
    if (what === undefined) return undefined;
    const body: unknown = await request.json();
    const input = { ...Object(body), shardKey: decodeURIComponent(shardKey) };
    if (what === "acquire")
      return Response.json(await this.acquire(AcquireLeaseInput.parse(input)));
    if (what === "renew") return Response.json(await this.renew(RenewLeaseInput.parse(input)));
    ReleaseLeaseInput.parse(input);
    return Response.json(await this.release());
  }
}

/** A stand-in for the server of shards that are processes: leases, and nothing else. */
export function serveLeases() {
  const authority = new PaperAuthority();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) =>
      (await authority.handle(request)) ?? new Response("leases only", { status: 404 }),
  });
  return {
    authority,
    url: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

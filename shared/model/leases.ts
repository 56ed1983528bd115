/** Leases: which process owns a shard, and under which epoch. */
import { z } from "zod";
import { ShardKey } from "./ids.ts";

/**
 * How long a lease is good for after it was granted or renewed. A server that is started again
 * (2 s) or a long stall of the owner fit in; and a standby that has to wait for its end still
 * serves within 10 s.
 */
export const LEASE_MS = 6_000;

/**
 * Between two renewals: an owner whose lease is gone learns it within this time, which leaves a
 * quarter of the second within which it must have stopped.
 */
export const LEASE_RENEW_MS = 750;

/** A process that owns a shard or wants to; random, new with each start. */
export const HolderId = z.uuid("must be a UUID").meta({ description: "The process; random" });
export type HolderId = z.infer<typeof HolderId>;

const UINT32_MAX = 0xff_ff_ff_ff;
const Epoch = z.number().int().min(0).max(UINT32_MAX);
const Tick = z.number().int().min(0).max(UINT32_MAX);
const DatabaseId = z
  .uuid("must be a UUID")
  .meta({ description: "Of the shard's database; made with it, and the same in its copies" });
const DatabaseFile = z.string().min(1).max(128).meta({
  description: "Names the very file that the process holds locked: another one for each copy",
});
const Address = z
  .string()
  .max(512)
  .meta({
    description: "Where clients connect; empty while that is not known",
    examples: ["ws://127.0.0.1:7777/game"],
  });

/** Who owns a shard. */
export const Lease = z
  .object({
    shardKey: ShardKey,
    epoch: z.number().int().meta({ description: "Rises with every new holder" }),
    holder: HolderId.nullable().meta({ description: "Null once it was given back" }),
    databaseId: z.string(),
    address: Address,
    tick: z.number().int().meta({ description: "Last committed tick that its holders told" }),
    ticksLost: z.number().int().meta({
      description: "Ticks that holders before had told of and this one's database never had",
    }),
    grantedAt: z.iso.datetime(),
    renewedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    leftMs: z.number().int().meta({ description: "0 when it has run out or was given back" }),
  })
  .meta({ id: "Lease" });
export type Lease = z.infer<typeof Lease>;

export const LeaseList = z.object({ leases: z.array(Lease) });
export type LeaseList = z.infer<typeof LeaseList>;

export const GetLeaseInput = z.object({ shardKey: ShardKey });
export type GetLeaseInput = z.infer<typeof GetLeaseInput>;

/** Answer of leases.find. */
export const FoundLease = z.object({
  lease: Lease.nullable().meta({ description: "Null when no shard of that key ever ran" }),
});
export type FoundLease = z.infer<typeof FoundLease>;

/** What a process shows to be granted a lease. */
export const AcquireLeaseInput = z.object({
  shardKey: ShardKey,
  holder: HolderId,
  databaseId: DatabaseId,
  databaseFile: DatabaseFile,
  epoch: Epoch.meta({ description: "Highest epoch in its database; 0 in a new one" }),
  tick: Tick.meta({ description: "Last committed tick in its database" }),
  address: Address.default(""),
  takeOver: z
    .boolean()
    .default(false)
    .meta({
      description:
        "Go on with this database although the world was in another one, or was further on: a " +
        "standby that holds the owner's world, or an operator who knows",
    }),
});
export type AcquireLeaseInput = z.infer<typeof AcquireLeaseInput>;

/** What the holder shows to keep its lease. */
export const RenewLeaseInput = AcquireLeaseInput.omit({ takeOver: true });
export type RenewLeaseInput = z.infer<typeof RenewLeaseInput>;

export const ReleaseLeaseInput = z.object({
  shardKey: ShardKey,
  holder: HolderId,
  epoch: Epoch,
  tick: Tick,
});
export type ReleaseLeaseInput = z.infer<typeof ReleaseLeaseInput>;

/**
 * Why a process is not the owner. `held`: another one is. `other database`: the world was last in
 * another one. `behind`: a copy of the database that ends before what the last owner told. `lost`:
 * the lease that was to be renewed is over.
 */
export const LeaseRefusal = z.enum(["held", "other database", "behind", "lost"]);
export type LeaseRefusal = z.infer<typeof LeaseRefusal>;

/** Answer of leases.acquire and leases.renew; `lease` is what holds now, whosever it is. */
export const LeaseAnswer = z
  .discriminatedUnion("outcome", [
    z.object({ outcome: z.literal("granted"), lease: Lease }),
    z.object({
      outcome: z.literal("refused"),
      lease: Lease,
      reason: LeaseRefusal,
      message: z.string().meta({ description: "Why, and what to do" }),
    }),
  ])
  .meta({ id: "LeaseAnswer" });
export type LeaseAnswer = z.infer<typeof LeaseAnswer>;

/** Answer of leases.release. */
export const ReleasedLease = z.object({
  released: z.boolean().meta({ description: "False when it was not the caller's any more" }),
});
export type ReleasedLease = z.infer<typeof ReleasedLease>;

import {
  AcquireLeaseInput,
  FoundLease,
  GetLeaseInput,
  Lease,
  LeaseAnswer,
  LeaseList,
  ReleasedLease,
  ReleaseLeaseInput,
  RenewLeaseInput,
} from "#shared/model/leases.ts";
import { protectedRest } from "../../rest-route.ts";
import { adminProcedure, router, serviceProcedure } from "../../trpc.ts";
import { acquireLease } from "./acquire-lease.ts";
import { findLease } from "./find-lease.ts";
import { getLease } from "./get-lease.ts";
import { listLeases } from "./list-leases.ts";
import { releaseLease } from "./release-lease.ts";
import { renewLease } from "./renew-lease.ts";

/** Which process owns which shard. */
export const leasesRouter = router({
  list: adminProcedure
    .meta(protectedRest("GET", "/leases", "All leases"))
    .output(LeaseList)
    .query(({ ctx }) => listLeases(ctx.deps)),
  get: adminProcedure
    .meta(protectedRest("GET", "/leases/{shardKey}", "One shard's lease"))
    .input(GetLeaseInput)
    .output(Lease)
    .query(({ ctx, input }) => getLease(ctx.deps, input)),
  find: serviceProcedure
    .meta(protectedRest("GET", "/leases/{shardKey}/owner", "Look at a shard's lease, as a standby"))
    .input(GetLeaseInput)
    .output(FoundLease)
    .query(({ ctx, input }) => findLease(ctx.deps, input)),
  acquire: serviceProcedure
    .meta(protectedRest("POST", "/leases/{shardKey}/acquire", "Become a shard's owner"))
    .input(AcquireLeaseInput)
    .output(LeaseAnswer)
    .mutation(({ ctx, input }) => acquireLease(ctx.deps, input)),
  renew: serviceProcedure
    .meta(protectedRest("POST", "/leases/{shardKey}/renew", "Stay a shard's owner"))
    .input(RenewLeaseInput)
    .output(LeaseAnswer)
    .mutation(({ ctx, input }) => renewLease(ctx.deps, input)),
  release: serviceProcedure
    .meta(protectedRest("POST", "/leases/{shardKey}/release", "Give a lease back"))
    .input(ReleaseLeaseInput)
    .output(ReleasedLease)
    .mutation(({ ctx, input }) => releaseLease(ctx.deps, input)),
});

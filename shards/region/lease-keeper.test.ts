import { describe, expect, test } from "bun:test";
import { createLog } from "#shared/infra/log.ts";
import { TemporaryFailure } from "#shared/infra/process.ts";
import { ShardKey } from "#shared/model/ids.ts";
import type { Lease, LeaseAnswer, LeaseRefusal } from "#shared/model/leases.ts";
import { type AcquireLeaseInput, LEASE_MS, LEASE_RENEW_MS } from "#shared/model/leases.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import type { LeaseAuthority } from "./lease-authority.ts";
import { type AcquireOptions, LeaseKeeper } from "./lease-keeper.ts";

const ME = "10000000-0000-4000-8000-000000000001";
const OTHER = "20000000-0000-4000-8000-000000000002";
const claim = { databaseId: ME, databaseFile: "disk", epoch: 0, tick: 0, address: "" };
const asOwner: AcquireOptions = { claim, takeOver: false };

function leaseOf(holder: string, more: Partial<Lease> = {}): Lease {
  const times = { grantedAt: "then", renewedAt: "then", expiresAt: "then", leftMs: LEASE_MS };
  const shardKey = ShardKey.parse("arena:1:eu-west-1");
  const own = { databaseId: ME, address: "ws://there/game", epoch: 1, tick: 0, ticksLost: 0 };
  return { shardKey, holder, ...own, ...times, ...more };
}

const granted = (more: Partial<Lease> = {}): LeaseAnswer => ({
  outcome: "granted",
  lease: leaseOf(ME, more),
});
const refused = (reason: LeaseRefusal, more: Partial<Lease> = {}): LeaseAnswer => ({
  outcome: "refused",
  reason,
  message: `${reason} by ${OTHER}`,
  lease: leaseOf(OTHER, more),
});

/** An authority that says what it is told to; each call takes `latencyMs` on the fake clock. */
class ScriptedAuthority implements LeaseAuthority {
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  readonly claims: AcquireLeaseInput[] = [];
  answer: LeaseAnswer | Error = granted();
  latencyMs = 0;
  /** How much later it is than the timers know, since the process did not run. */
  standstillMs = 0;
  renewals = 0;
  releases = 0;

  keeper(options: { strict?: boolean; granted?: (epoch: number) => void } = {}): LeaseKeeper {
    const { clock } = this;
    return new LeaseKeeper({
      authority: this,
      clock: {
        monotonicMs: () => clock.monotonicMs() + this.standstillMs,
        wallMs: () => clock.wallMs(),
        schedule: (delayMs, callback) => clock.schedule(delayMs, callback),
      },
      log: createLog({ process: "shard", level: "debug", write: (line) => this.log.push(line) }),
      shardKey: leaseOf(ME).shardKey,
      holder: ME,
      strict: false,
      ...options,
    });
  }

  async find() {
    return (await this.#say()).lease;
  }

  acquire(input: AcquireLeaseInput): Promise<LeaseAnswer> {
    this.claims.push(input);
    return this.#say();
  }

  renew(): Promise<LeaseAnswer> {
    this.renewals += 1;
    return this.#say();
  }

  async release() {
    this.releases += 1;
    await this.#say();
    return { released: true };
  }

  /** Lets `ms` pass in steps, and with each what waits for it. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      this.clock.advance(50);
      await settle();
    }
  }

  async #say(): Promise<LeaseAnswer> {
    this.clock.advance(this.latencyMs);
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }
}

/** Everything that is ready to run has run. */
async function settle(): Promise<void> {
  await new Promise(setImmediate);
}

/** A keeper that serves, and what it said when it had to stop. */
async function serving(authority: ScriptedAuthority, options: { strict?: boolean } = {}) {
  const keeper = authority.keeper(options);
  await keeper.acquire(asOwner);
  const lost: string[] = [];
  keeper.keep({ address: "ws://me/game", tick: () => 7, lost: (reason) => lost.push(reason) });
  await settle();
  return { keeper, lost };
}

describe("acquiring", () => {
  test("gives the epoch, and tells it before anything else happens", async () => {
    const authority = new ScriptedAuthority();
    authority.answer = granted({ epoch: 4 });
    const epochs: number[] = [];
    const keeper = authority.keeper({ granted: (epoch) => epochs.push(epoch) });
    expect(keeper.holds).toBe(false);
    expect(await keeper.acquire(asOwner)).toBe(4);
    expect(epochs).toEqual([4]);
    expect(keeper.holds).toBe(true);
    expect(authority.claims).toMatchObject([{ holder: ME, takeOver: false, ...claim }]);
  });

  test("waits for the end of a holder that does not renew", async () => {
    const authority = new ScriptedAuthority();
    authority.answer = refused("held", { leftMs: 1_500 });
    const acquiring = authority.keeper().acquire(asOwner);
    await authority.pass(1_000);
    authority.answer = refused("held", { leftMs: 500 });
    await authority.pass(200);
    authority.answer = granted({ epoch: 2 });
    await authority.pass(1_000);
    expect(await acquiring).toBe(2);
    expect(authority.log.join()).toContain("waiting for its end");
  });

  test("gives up at once when the holder renews: it lives", async () => {
    const authority = new ScriptedAuthority();
    authority.answer = refused("held");
    const acquiring = authority.keeper().acquire(asOwner);
    acquiring.catch(() => undefined);
    await settle();
    authority.answer = refused("held", { renewedAt: "later" });
    await authority.pass(1_000);
    await expect(acquiring).rejects.toThrow(new TemporaryFailure(`held by ${OTHER}`));
  });

  test.each(["other database", "behind"] as const)("%s is no matter of time", async (reason) => {
    const authority = new ScriptedAuthority();
    authority.answer = refused(reason);
    const acquiring = authority.keeper().acquire(asOwner);
    await expect(acquiring).rejects.toThrow(new TemporaryFailure(`${reason} by ${OTHER}`));
  });

  test("waits for a server, says so now and then, and leaves after a minute", async () => {
    const authority = new ScriptedAuthority();
    authority.answer = new Error("connection refused");
    const acquiring = authority.keeper().acquire(asOwner);
    acquiring.catch(() => undefined);
    await authority.pass(30_000);
    const said = authority.log.filter((line) => line.includes("waiting for the server"));
    expect(said).toHaveLength(6);
    await authority.pass(31_000);
    await expect(acquiring).rejects.toThrow(TemporaryFailure);
    await expect(acquiring).rejects.toThrow(
      "cannot own a shard: the server did not answer for 60 s (connection refused); start it, or " +
        "set TESSERA_SERVER_URL to where it is",
    );
  });

  test("a stop ends the wait", async () => {
    const authority = new ScriptedAuthority();
    authority.answer = new Error("connection refused");
    const stopping = new AbortController();
    const acquiring = authority.keeper().acquire({ ...asOwner, stopping: stopping.signal });
    acquiring.catch(() => undefined);
    await settle();
    stopping.abort();
    await expect(acquiring).rejects.toBe(stopping.signal.reason);
    expect(authority.clock.pending).toBe(0);
  });

  test("what is lost with an older database is said", async () => {
    const authority = new ScriptedAuthority();
    authority.answer = granted({ ticksLost: 12 });
    await authority.keeper().acquire(asOwner);
    expect(authority.log.join()).toContain("ends before what its last owner told of");
  });
});

describe("keeping", () => {
  test("renews at intervals, counting from before the request", async () => {
    const authority = new ScriptedAuthority();
    const { keeper, lost } = await serving(authority);
    await authority.pass(3 * LEASE_RENEW_MS);
    expect(authority.renewals).toBe(4);
    authority.latencyMs = 700;
    await authority.pass(LEASE_RENEW_MS);
    expect(keeper.secondsLeft).toBeLessThanOrEqual((LEASE_MS - 700) / 1_000);
    expect(lost).toEqual([]);
  });

  test("another holder ends it with the next renewal, once", async () => {
    const authority = new ScriptedAuthority();
    const { keeper, lost } = await serving(authority);
    authority.answer = refused("lost");
    await authority.pass(LEASE_RENEW_MS);
    expect(lost).toEqual([`lost by ${OTHER}`]);
    expect(keeper.holds).toBe(false);
    await authority.pass(10 * LEASE_RENEW_MS);
    await keeper.release(7);
    expect(lost).toHaveLength(1);
    expect(authority).toMatchObject({ renewals: 2, releases: 0 });
    expect(authority.clock.pending).toBe(0);
  });

  test("goes on while the authority is away, and says so once", async () => {
    const authority = new ScriptedAuthority();
    const { keeper, lost } = await serving(authority);
    authority.answer = new Error("connection refused");
    await authority.pass(60_000);
    expect(keeper).toMatchObject({ holds: true, secondsLeft: 0 });
    const said = authority.log.filter((line) => line.includes("cannot renew the lease"));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("the shard goes on: nobody else may have it");
    authority.answer = granted();
    await authority.pass(1_000);
    expect(keeper.secondsLeft).toBeGreaterThan(4);
    expect(authority.log.join()).toContain("the lease is renewed again");
    expect(lost).toEqual([]);
  });

  test("where another may take over, it ends by its own clock when nobody answers", async () => {
    const authority = new ScriptedAuthority();
    const { keeper, lost } = await serving(authority, { strict: true });
    await authority.pass(500);
    authority.answer = new Error("connection refused");
    await authority.pass(LEASE_MS - 600);
    expect(keeper.holds).toBe(true);
    expect(lost).toEqual([]);
    await authority.pass(100);
    expect(keeper.holds).toBe(false);
    expect(lost).toEqual(["the lease has run out, and the server does not answer"]);
    expect(authority.log.join()).toContain("the shard stops when it has run out");
  });

  test.each([true, false])(
    "asks after a standstill before it serves; strict: %s",
    async (strict) => {
      const authority = new ScriptedAuthority();
      const { keeper, lost } = await serving(authority, { strict });
      authority.answer = refused("lost");
      authority.standstillMs = 60_000;
      expect(keeper.holds).toBe(false);
      await authority.pass(LEASE_RENEW_MS);
      expect(keeper.holds).toBe(false);
      expect(lost).toHaveLength(1);
    },
  );

  test("goes on after a standstill when nobody else was granted the shard", async () => {
    const authority = new ScriptedAuthority();
    const { keeper, lost } = await serving(authority);
    authority.standstillMs = 60_000;
    expect(keeper.holds).toBe(false);
    await authority.pass(LEASE_RENEW_MS);
    expect(keeper.holds).toBe(true);
    expect(lost).toEqual([]);
  });

  test("is given back at the stop, and a server that is away does not hold that up", async () => {
    const authority = new ScriptedAuthority();
    const { keeper, lost } = await serving(authority);
    await keeper.release(7);
    expect(authority.releases).toBe(1);
    expect(keeper.holds).toBe(false);
    const { keeper: alone } = await serving(authority);
    authority.answer = new Error("connection refused");
    await alone.release(7);
    expect(authority.log.join()).toContain("the lease could not be given back");
    await authority.pass(5_000);
    expect(lost).toEqual([]);
  });
});

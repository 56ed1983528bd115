import type { Metrics } from "#shared/infra/metrics.ts";
import type { GatewayReadings } from "./gateway/gateway-metrics.ts";
import type { ShardLoop } from "./loop/shard-loop.ts";
import type { Persistence } from "./persistence/persistence.ts";
import type { LeaseKeeper } from "./region/lease-keeper.ts";
import type { ShardWorld } from "./world/shard-world.ts";

export interface GaugedShard {
  readonly metrics: Metrics;
  readonly loop: ShardLoop;
  readonly persistence: Persistence;
  readonly world: ShardWorld;
  readonly lease: LeaseKeeper;
  readonly readings: GatewayReadings;
}

/** Lets metrics tell how a running shard is: its players, its lease, its database. */
export function addShardGauges(shard: GaugedShard): void {
  const { metrics, loop, persistence, world, lease, readings } = shard;
  const gauge = (name: string, help: string, read: () => number) =>
    metrics.gaugeOf(`tessera_${name}`, help, read);
  gauge("players", "Players in the world.", () => loop.population);
  gauge("sessions_connected", "Players with a connection.", () => loop.connected);
  gauge("connections", "Open game sockets.", () => readings.connections);
  gauge("tick", "Last finished tick.", () => loop.tick);
  metrics.gaugeOf("tessera_world_size", "What the world is made of.", () =>
    Object.entries(world.sizes).map(([what, value]) => ({ labels: { what }, value })),
  );
  gauge("lease_epoch", "Epoch of the lease under which the shard serves.", () => lease.epoch);
  gauge("lease_seconds_left", "Until the lease runs out unless the server renews it.", () => {
    return lease.secondsLeft;
  });
  gauge("inbox_dropped", "Commands dropped at the loop's bounds.", () => loop.droppedCommands);
  gauge("journal_uncommitted_ticks", "Ticks on the way to the disk.", () => {
    return persistence.uncommittedTicks;
  });
  gauge("durable_actions_waiting", "Durable actions without an answer.", () => {
    return loop.unansweredActions;
  });
  gauge("gate_ahead", "1: the last frames went out before their tick's commit.", () => {
    return loop.isAhead ? 1 : 0;
  });
  gauge("storage_state", "0: the database keeps up; 1: slow; 2: the world stands still.", () => {
    return ["well", "slow", "stalled"].indexOf(loop.storageState);
  });
  const counter = (name: string, help: string, read: () => number) =>
    metrics.counterOf(`tessera_${name}_total`, help, () => [{ value: read() }]);
  counter("frames_ahead", "Frames that went out before their tick's commit.", () => {
    return loop.framesAhead;
  });
  counter("commands_refused", "Commands that came while the world stood still.", () => {
    return loop.refusedCommands;
  });
  counter("actions_done", "Durable actions done.", () => loop.actions.done);
  metrics.counterOf(
    "tessera_actions_refused_total",
    "Commands that the rules refused.",
    () => loop.actions.refused,
  );
  counter("publications_skipped", "Turns missed: a gateway was behind.", () => loop.missedTurns);
  gauge("snapshot_tick", "Tick of the last saved snapshot.", () => persistence.savedTick);
  gauge("snapshot_bytes", "Size of the last saved snapshot.", () => persistence.snapshotBytes);
}

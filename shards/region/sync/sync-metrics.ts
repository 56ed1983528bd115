import type { LabelledValue, Metrics } from "#shared/infra/metrics.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Mirror } from "./mirror.ts";
import type { Peer } from "./peer.ts";
import type { RegionSync } from "./region-sync.ts";

export interface SyncMetricsOptions {
  readonly metrics: Metrics;
  readonly sync: RegionSync;
  readonly mirror: Mirror;
  readonly clock: Clock;
}

/** Shows operators how a mirrored world is: what goes out and comes in, and how it differs. */
export function addSyncMetrics({ metrics, sync, mirror, clock }: SyncMetricsOptions): void {
  const { sender, received, ranges } = sync;
  const counter = (name: string, help: string, read: () => number | LabelledValue[]) =>
    metrics.counterOf(`tessera_region_${name}_total`, help, () => {
      const value = read();
      return typeof value === "number" ? [{ value }] : value;
    });
  const gauge = (name: string, help: string, read: () => number) =>
    metrics.gaugeOf(`tessera_region_${name}`, help, read);
  counter("batches_sent", "Batches made of local changes.", () => sender.figures.batches);
  counter("local_changes", "Local changes in batches.", () => [
    { labels: { lane: "cells" }, value: sender.figures.cells },
    { labels: { lane: "entities" }, value: sender.figures.entities },
    { labels: { lane: "chat" }, value: sender.figures.chat },
  ]);
  counter("bytes_sent", "Compressed bytes of batches.", () => sender.figures.bytes);
  counter("send_retries", "Batches that the bus did not take at once.", () => {
    return sender.figures.retries;
  });
  counter("changes_dropped", "Changes that found no room while the bus was away.", () => {
    return Object.entries(sender.changes.dropped).map(([lane, value]) => {
      return { labels: { lane }, value };
    });
  });
  gauge("changes_waiting", "Committed changes that are not in a batch yet.", () => {
    return sender.changes.length;
  });
  counter("batches_received", "Batches of other regions that were applied.", () => {
    return received.batches;
  });
  counter("remote_changes", "Writes of other regions in them.", () => received.cells);
  counter("conflicts", "Writes of other regions that a later one stood against.", () => {
    return received.conflicts;
  });
  counter("batches_repeated", "Batches that came before.", () => received.repeated);
  counter("messages_refused", "Forged, foreign, unreadable or too old.", () => received.refused);
  counter("writes_refused_ahead", "Writes with stamps too far ahead of the clock.", () => {
    return received.refusedAhead;
  });
  counter("comparisons", "Comparisons by hash.", () => ranges.figures.compared);
  counter("cells_fetched", "Cells that came of comparisons.", () => ranges.figures.fetchedCells);
  gauge("cells", "Cells that anybody ever wrote to.", () => mirror.register.size);
  gauge("state_hash", "The first 48 bits of the cells' hash; equal in all regions at rest.", () => {
    return Number.parseInt(mirror.register.hash().slice(0, 12), 16);
  });
  gauge("clock_difference_seconds", "To the region whose clock differs most.", () => {
    return sync.clockDifferenceMs / 1_000;
  });
  gauge("served_twice", "1: another process serves this region too.", () => {
    return sync.peers.isTwice(clock.monotonicMs()) ? 1 : 0;
  });
  const most = (read: (peer: Peer, nowMs: number) => number) =>
    Math.max(0, ...sync.peers.all.map((peer) => read(peer, clock.monotonicMs())));
  gauge("lag_seconds", "From a batch being made to its being applied, the worst region's.", () => {
    return most(({ lagMs }) => lagMs) / 1_000;
  });
  gauge("peers_here", "Regions that were heard in the last 5 s.", () => {
    return sync.peers.all.filter((peer) => peer.isHere(clock.monotonicMs())).length;
  });
  gauge("differs_seconds", "How long the state was different from the worst region's.", () => {
    return (
      most(({ differsMs }, nowMs) => (differsMs === undefined ? 0 : nowMs - differsMs)) / 1_000
    );
  });
}

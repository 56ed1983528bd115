// A shard's part in a world that is mirrored between regions. What is committed here goes out in
// batches over the bus; what comes in is checked, handed to the world as an input of its next tick,
// and taken off the bus when that tick is in the database. Once a second each region tells how it
// is; from that the others see what they miss, and compare by hash what no batch tells them.
import { create } from "@bufbuild/protobuf";
import type { BusMessage } from "#proto/bus_pb.ts";
import { type RegionHello, type RegionMessage, RegionMessageSchema } from "#proto/region_pb.ts";
import { TOPIC_REGION } from "#shared/infra/bus/bus.ts";
import type { Log } from "#shared/infra/log.ts";
import { RegionMessageError } from "#shared/net/region-cells.ts";
import { CellChanges } from "#shared/time/cell-changes.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { HybridClock } from "#shared/time/hybrid-clock.ts";
import type { RegionNames } from "#shared/time/region-names.ts";
import { type ReceivedBatch, readBatch, refuseAhead } from "./batch-receiver.ts";
import { BatchSender, type BatchSettings, type RegionContent } from "./batch-sender.ts";
import { ClockWatch } from "./clock-watch.ts";
import type { Mirror } from "./mirror.ts";
import type { RegionChangeSet } from "./outgoing-changes.ts";
import { PeerWatch } from "./peer-watch.ts";
import { Peers } from "./peers.ts";
import { RangeSync } from "./range-sync.ts";
import { openMessage, type RegionKeys, signMessage } from "./region-keys.ts";
import { batchTopicOf, liveTopicOf, type RegionLink } from "./region-link.ts";
import { SeldomLog } from "./seldom-log.ts";

const HELLO_MS = 1_000;
/** Messages taken off the bus at once. */
const MESSAGES_MAX = 400;

/** How batches are made and taken. */
export interface SyncSettings extends BatchSettings {
  /** How long the stream is kept. */
  readonly retentionMs: number;
  /** Writes of others that the world is given at once; more wait until it has them. */
  readonly cellsAtOnce: number;
}

export interface RegionSyncOptions {
  readonly region: string;
  /** The mirrored world, the same in all regions: `blocks:1`. */
  readonly world: string;
  /** Rises with each start: milliseconds since 1970. */
  readonly incarnation: number;
  readonly settings: SyncSettings;
  readonly keys: RegionKeys;
  readonly regions: RegionNames;
  readonly mirror: Mirror;
  readonly hybrid: HybridClock;
  readonly link: RegionLink;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is counted of what came in. */
export interface ReceivedFigures {
  batches: number;
  cells: number;
  /** Batches that came before. */
  repeated: number;
  /** Forged, foreign, unreadable or too old. */
  refused: number;
  /** Writes whose stamps are too far ahead. */
  refusedAhead: number;
  /** Writes that a later one stood against. */
  conflicts: number;
}

/** Keeps a mirrored world the same as in the other regions. */
export class RegionSync {
  readonly peers: Peers;
  readonly sender: BatchSender;
  readonly ranges: RangeSync;
  readonly received: ReceivedFigures = {
    ...{ batches: 0, cells: 0, repeated: 0, refused: 0, refusedAhead: 0, conflicts: 0 },
  };
  readonly #options: RegionSyncOptions;
  readonly #clockWatch: ClockWatch;
  readonly #peerWatch: PeerWatch;
  readonly #seldom: SeldomLog;
  readonly #refusedAheadOf = new Map<string, number>();
  #stops: (() => Promise<void> | void)[] = [];
  #cancelHello: CancelTimer | undefined;
  #isStopped = false;

  constructor(options: RegionSyncOptions) {
    this.#options = options;
    const { settings, regions, clock, log, mirror, hybrid } = options;
    const { compression } = settings;
    this.#seldom = new SeldomLog(log, clock);
    this.peers = new Peers(options.region, options.keys);
    const send = (content: RegionContent, id: string) => this.#send(content, id);
    this.sender = new BatchSender({ settings, regions, clock, log, send });
    const say = (content: RegionContent) => this.#publish(content);
    const take = (cells: CellChanges, from: string) => this.#takeCells(cells, from);
    const done = (from: string) => this.peers.compared(from, clock.monotonicMs());
    this.ranges = new RangeSync({ mirror, regions, compression, clock, say, take, done });
    this.#peerWatch = new PeerWatch({ peers: this.peers, clock, log });
    this.#clockWatch = new ClockWatch({
      ...{ hybrid, clock, mirror, peers: this.peers, log: this.#seldom },
      forgetAfter: (limit) => this.sender.forgetAfter(limit),
    });
  }

  /** Whether a comparison by hash goes on. */
  get isComparing(): boolean {
    return this.ranges.isComparing;
  }

  /** The greatest difference of clocks to a region that is heard, in milliseconds. */
  get clockDifferenceMs(): number {
    return this.#clockWatch.differenceMs;
  }

  /** Times that writes of a wrong clock were stamped anew. */
  get clocksSettled(): number {
    return this.#clockWatch.settled;
  }

  start(): void {
    const { link, world, region } = this.#options;
    const topic = batchTopicOf(world);
    const name = `${topic.slice(TOPIC_REGION.length)}-${region}`;
    const options = { name, from: "start", batchMax: MESSAGES_MAX } as const;
    this.#stops = [
      link.subscribe(liveTopicOf(world), (message) => this.#heard(message)),
      link.consume(topic, options, (messages) => this.#consume(messages)),
    ];
    this.#tellHello();
  }

  /** Tells what is committed and ends; whoever calls it has stopped the world before. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelHello?.();
    this.ranges.stop();
    const stopping = this.#stops.splice(0).map((stop) => stop());
    await this.sender.stop();
    await Promise.all(stopping);
  }

  /** Takes what a tick changed here, all of it stamped by the region's clock. */
  changed(tick: number, changes: RegionChangeSet): void {
    this.sender.take(tick, changes);
  }

  /** All ticks up to this one are in the database. */
  committed(tick: number): void {
    this.sender.committed(tick);
  }

  async #consume(messages: readonly BusMessage[]): Promise<void> {
    const batches = new Map<string, ReceivedBatch[]>();
    for (const message of messages) {
      const batch = this.#read(message);
      if (batch === undefined) continue;
      const ofRegion = batches.get(batch.region) ?? [];
      if (ofRegion.some((other) => isSame(other, batch))) {
        this.received.repeated += 1;
        continue;
      }
      ofRegion.push(batch);
      batches.set(batch.region, ofRegion);
    }
    await Promise.all([...batches].map(([region, list]) => this.#applyAll(region, list)));
  }

  #read(busMessage: BusMessage): ReceivedBatch | undefined {
    const { region: own, incarnation } = this.#options;
    return this.#guarded(() => {
      const message = this.#open(busMessage);
      if (message?.content.case !== "batch") return undefined;
      const { region, content } = message;
      if (region === own && Number(message.incarnation) === incarnation) return undefined;
      const peer = this.peers.of(region);
      if (peer.received.has(Number(message.incarnation), content.value.sequence)) {
        this.received.repeated += 1;
        return undefined;
      }
      const { regions, hybrid, settings } = this.#options;
      const reading = { regions, hybrid, retentionMs: settings.retentionMs };
      return readBatch(message, content.value, reading);
    });
  }

  /** One part after the other, so that the world is never given too much. */
  async #applyAll(region: string, batches: readonly ReceivedBatch[]): Promise<void> {
    let first = 0;
    let cells = 0;
    for (let at = 0; at < batches.length; at += 1) {
      const more = batches[at]?.cells.length ?? 0;
      if (at > first && cells + more > this.#options.settings.cellsAtOnce) {
        await this.#apply(region, batches.slice(first, at));
        first = at;
        cells = 0;
      }
      cells += more;
    }
    await this.#apply(region, batches.slice(first));
  }

  async #apply(region: string, batches: readonly ReceivedBatch[]): Promise<void> {
    const { clock, mirror } = this.#options;
    const peer = this.peers.of(region);
    const cells = new CellChanges();
    for (const batch of batches) {
      for (let row = 0; row < batch.cells.length; row += 1) cells.copy(batch.cells, row);
    }
    const changes = {
      cells: this.#refuseAhead(cells, region),
      entities: batches.flatMap((batch) => batch.entities),
      chat: batches.flatMap((batch) => batch.chat),
    };
    const { lost } = await mirror.apply(changes, region);
    for (const { incarnation, sequence } of batches) peer.received.note(incarnation, sequence);
    this.received.batches += batches.length;
    this.received.cells += changes.cells.length;
    this.received.conflicts += lost;
    const madeMs = batches.at(-1)?.madeMs ?? 0;
    peer.lagMs = Math.max(0, clock.wallMs() - madeMs);
  }

  async #takeCells(cells: CellChanges, from: string): Promise<void> {
    const { mirror } = this.#options;
    const kept = this.#refuseAhead(cells, from);
    const { lost } = await mirror.apply({ cells: kept, entities: [], chat: [] }, from);
    this.received.conflicts += lost;
  }

  #refuseAhead(all: CellChanges, region: string): CellChanges {
    const { cells, refused, aheadMs } = refuseAhead(all, this.#options.hybrid);
    if (refused === 0) return cells;
    this.received.refusedAhead += refused;
    this.#refusedAheadOf.set(region, (this.#refusedAheadOf.get(region) ?? 0) + refused);
    this.#seldom.warning(
      `ahead ${region}`,
      `cannot take ${refused} writes of region ${region}: their stamps are ` +
        `${Math.round(aheadMs / 1_000)} s ahead of the clock here; set the clock that is wrong, ` +
        "and they come by themselves",
    );
    return cells;
  }

  #heard(busMessage: BusMessage): void {
    const message = this.#guarded(() => this.#open(busMessage));
    if (message === undefined) return;
    const { region: own, incarnation } = this.#options;
    if (message.region === own) {
      if (Number(message.incarnation) !== incarnation) this.#twice(message);
      return;
    }
    const { content } = message;
    if (content.case === "hello") this.#hello(message, content.value);
    else if (content.value !== undefined && "to" in content.value) {
      if (content.value.to !== own) return;
      this.ranges.hear(message).catch((error: unknown) => {
        // At the stop the world takes no more of what was asked for.
        if (!this.#isStopped) this.#refuse(error);
      });
    }
  }

  #hello(message: RegionMessage, hello: RegionHello): void {
    const { clock, mirror, hybrid } = this.#options;
    const nowMs = clock.monotonicMs();
    const peer = this.peers.of(message.region);
    const times = { nowMs, thereMs: Number(message.timeMs), hereMs: clock.wallMs() };
    if (!peer.hear(hello, Number(message.incarnation), times)) return;
    this.peers.judge(peer, { hash: mirror.register.hash(), stamp: hybrid.last, nowMs });
    const { sender } = this;
    const isQuiet = sender.changes.length + sender.sending + sender.changes.ticksUncommitted === 0;
    if (this.peers.isToCompare(peer, nowMs, isQuiet)) this.ranges.compare(peer.region);
  }

  /** Somebody else speaks as this region. */
  #twice({ incarnation }: RegionMessage): void {
    const { region, world, clock } = this.#options;
    this.peers.twiceMs = clock.monotonicMs();
    this.#seldom.error(
      "twice",
      `two processes serve ${world} as region ${region}, the other since ` +
        `${new Date(Number(incarnation)).toISOString()}; give one of them another region`,
    );
  }

  #tellHello(): void {
    const { clock, mirror, hybrid, log } = this.#options;
    const { come, gone } = this.peers.follow();
    for (const region of come) log.info(`region ${region} takes part from now on`);
    for (const region of gone) log.info(`region ${region} takes part no longer: its file is gone`);
    this.#peerWatch.look();
    this.#clockWatch.look();
    this.peers.forgetGone(mirror, hybrid, this.#options.settings.retentionMs);
    const { hi, lo } = hybrid.last;
    this.#publish({
      case: "hello",
      value: {
        stamp: (BigInt(hi) << 32n) | BigInt(lo),
        hash: mirror.register.hash(),
        cells: mirror.register.size,
        sequence: this.sender.sequence,
        receipts: this.peers.all.map(({ region, incarnation, sequence }) => ({
          ...{ region, incarnation: BigInt(incarnation), sequence },
          refusedAhead: this.#refusedAheadOf.get(region) ?? 0,
        })),
      },
    });
    this.#cancelHello = clock.schedule(HELLO_MS, () => this.#tellHello());
  }

  #open({ payload }: BusMessage): RegionMessage | undefined {
    if (payload.case !== "region") return undefined;
    const message = openMessage(payload.value, this.#options.keys);
    return message.world === this.#options.world ? message : undefined;
  }

  #guarded<Result>(read: () => Result | undefined): Result | undefined {
    try {
      return read();
    } catch (error) {
      this.#refuse(error);
      return undefined;
    }
  }

  /** What others send must not end this region, and what they sent is said once a minute. */
  #refuse(error: unknown): void {
    if (!(error instanceof RegionMessageError)) throw error;
    this.received.refused += 1;
    // Whoever makes names up must not fill the log with them.
    this.#seldom.warning(error.message.replaceAll(/\d+|"[^"]*"/g, "#"), error.message);
  }

  #sign(content: RegionContent) {
    const { region, world, incarnation, clock, keys } = this.#options;
    const message = create(RegionMessageSchema, {
      ...{ region, world, content },
      incarnation: BigInt(incarnation),
      timeMs: BigInt(Math.trunc(clock.wallMs())),
    });
    return { case: "region", value: signMessage(message, keys) } as const;
  }

  #send(content: RegionContent, id: string): Promise<void> {
    const { link, world } = this.#options;
    return link.send(batchTopicOf(world), this.#sign(content), { id });
  }

  #publish(content: RegionContent): void {
    const { link, world } = this.#options;
    link.publish(liveTopicOf(world), this.#sign(content));
  }
}

function isSame(one: ReceivedBatch, other: ReceivedBatch): boolean {
  return one.incarnation === other.incarnation && one.sequence === other.sequence;
}

// Who is in a mirrored world, told to its other regions. It travels on a topic of its own that may
// lose messages, after everything else, signed as what region sync says; what came is shown beside
// the world and changes nothing in it.
import { create } from "@bufbuild/protobuf";
import type { BusMessage } from "#proto/bus_pb.ts";
import {
  type RegionMessage,
  RegionMessageSchema,
  type SignedRegionMessage,
} from "#proto/region_pb.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import { RegionMessageError } from "#shared/net/region-cells.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { GhostNews, RegionGhosts } from "../../world/region-ghosts.ts";
import { type CompressionName, compress, inflate } from "../sync/compress.ts";
import { openMessage, type RegionKeys, signMessage } from "../sync/region-keys.ts";
import { ghostTopicOf, type RegionLink } from "../sync/region-link.ts";
import { SeldomLog } from "../sync/seldom-log.ts";
import { type GhostTelling, packGhosts, unpackGhosts } from "./ghost-columns.ts";
import { GhostTeller } from "./ghost-teller.ts";

/** From the begin of a round to that of the next one. */
const ROUND_MS = 250;
/** Between two parts of a round, and between two messages that are read: others have their turn. */
const PART_MS = 20;
const READ_MS = 5;
/** Messages that wait to be read; at the bound the oldest is lost. */
const INBOX_MAX = 256;
/** What is older, or from a clock that differs by more, is not shown. */
const AGE_MS_MAX = 60_000;
/** Ghosts give way to all else that waits for the bus. */
const PRIORITY = 1;

export interface GhostSyncOptions {
  readonly region: string;
  /** The mirrored world, the same in all regions: `blocks:1`. */
  readonly world: string;
  /** Rises with each start, as that of region sync. */
  readonly incarnation: number;
  readonly keys: RegionKeys;
  readonly compression: CompressionName;
  readonly ghosts: RegionGhosts;
  readonly link: RegionLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** No other region is heard: nobody needs to be told. */
  readonly isAlone: () => boolean;
}

/** What was last taken of a region. */
interface Life {
  incarnation: number;
  sequence: number;
}

/** Tells the other regions who is here, and shows those of whom they tell. */
export class GhostSync {
  readonly figures = { told: 0, bytes: 0, heard: 0, repeated: 0, refused: 0, lost: 0 };
  readonly #options: GhostSyncOptions;
  readonly #teller: GhostTeller;
  readonly #seldom: SeldomLog;
  /** Of regions that have a key, so they are few. */
  readonly #lives = new Map<string, Life>();
  #sequence = 0;
  readonly #inbox: SignedRegionMessage[] = [];
  #roundMs = 0;
  #cancelTelling: CancelTimer | undefined;
  #cancelReading: CancelTimer | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: GhostSyncOptions) {
    this.#options = options;
    this.#teller = new GhostTeller(options.ghosts);
    this.#seldom = new SeldomLog(options.log, options.clock);
    this.#addMetrics();
  }

  start(): void {
    const { link, world } = this.#options;
    this.#unsubscribe = link.subscribe(ghostTopicOf(world), (message) => this.#heard(message));
    this.#tellNext();
  }

  /** The others are told that nobody is here any more. */
  stop(): void {
    this.#cancelTelling?.();
    this.#cancelReading?.();
    this.#unsubscribe?.();
    this.#publish(this.#teller.farewell());
  }

  #tellNext(): void {
    const { clock, isAlone } = this.#options;
    const teller = this.#teller;
    const nowMs = clock.monotonicMs();
    if (isAlone()) teller.forget();
    if (teller.isOver) {
      this.#roundMs = nowMs;
      if (!isAlone()) teller.begin();
    }
    const telling = teller.isOver ? undefined : teller.next();
    if (telling !== undefined) this.#publish(telling);
    const restMs = teller.isOver ? this.#roundMs + ROUND_MS - nowMs : 0;
    this.#cancelTelling = clock.schedule(Math.max(PART_MS, restMs), () => this.#tellNext());
  }

  #publish(telling: GhostTelling): void {
    const { region, world, incarnation, keys, compression: name, clock, link } = this.#options;
    this.#sequence += 1;
    const { compression, bytes } = compress(packGhosts(telling), name);
    this.figures.told += telling.ghosts.length;
    this.figures.bytes += bytes.length;
    const message = create(RegionMessageSchema, {
      region,
      world,
      incarnation: BigInt(incarnation),
      timeMs: BigInt(Math.trunc(clock.wallMs())),
      content: { case: "ghosts", value: { sequence: this.#sequence, compression, ghosts: bytes } },
    });
    const value = signMessage(message, keys);
    link.publish(ghostTopicOf(world), { case: "region", value }, { priority: PRIORITY });
  }

  #heard({ payload }: BusMessage): void {
    if (payload.case !== "region") return;
    this.#inbox.push(payload.value);
    if (this.#inbox.length > INBOX_MAX) {
      this.#inbox.shift();
      this.figures.lost += 1;
    }
    this.#cancelReading ??= this.#options.clock.schedule(0, () => this.#readNext());
  }

  /** One at a time: many may come at once. */
  #readNext(): void {
    this.#cancelReading = undefined;
    const message = this.#inbox.shift();
    if (message !== undefined) this.#take(message);
    if (this.#inbox.length === 0) return;
    this.#cancelReading = this.#options.clock.schedule(READ_MS, () => this.#readNext());
  }

  /** What others send must not end this region, and what they sent is said once a minute. */
  #take(message: SignedRegionMessage): void {
    try {
      const news = this.#read(openMessage(message, this.#options.keys));
      if (news === undefined) return;
      this.figures.heard += news.ghosts.length;
      this.#options.ghosts.hear(news);
    } catch (error) {
      if (!(error instanceof RegionMessageError)) throw error;
      this.figures.refused += 1;
      this.#seldom.warning(error.message.replaceAll(/\d+/g, "#"), error.message);
    }
  }

  /** Signature and sender are right; age and number are looked at before anything is inflated. */
  #read(message: RegionMessage): GhostNews | undefined {
    const { region: own, world, ghosts: shown, clock } = this.#options;
    const { region, content } = message;
    if (message.world !== world || region === own || content.case !== "ghosts") return undefined;
    const incarnation = Number(message.incarnation);
    const { sequence, compression, ghosts: bytes } = content.value;
    const life = this.#lives.get(region);
    const anew = life === undefined || incarnation > life.incarnation;
    if (!anew && (incarnation < life.incarnation || sequence <= life.sequence)) {
      this.figures.repeated += 1;
      return undefined;
    }
    const ageMs = clock.wallMs() - Number(message.timeMs);
    if (Math.abs(ageMs) > AGE_MS_MAX) {
      throw new RegionMessageError(
        `cannot show who is in region ${region}: what it tells is ${Math.round(ageMs / 1_000)} s ` +
          "old; set the clock that is wrong",
      );
    }
    this.#lives.set(region, { incarnation, sequence });
    const telling = unpackGhosts(inflate({ compression, bytes }), {
      region,
      canShow: (ghost) => shown.canShow(ghost),
    });
    const { tick, tickRate, ghosts, emotes, gone, allGone } = telling;
    return { region, tick, tickRate, anew: anew || allGone, gone, ghosts, emotes };
  }

  #addMetrics(): void {
    const { metrics, ghosts } = this.#options;
    const { figures } = this;
    const counter = (name: string, help: string, read: () => number) =>
      metrics.counterOf(`tessera_region_${name}_total`, help, () => [{ value: read() }]);
    metrics.gaugeOf(
      "tessera_region_ghosts",
      "Entities of other regions that are shown here.",
      () => {
        return ghosts.held;
      },
    );
    metrics.gaugeOf("tessera_region_ghosts_known", "Own entities that others were told of.", () => {
      return this.#teller.known;
    });
    counter("ghosts_told", "Tellings of own entities to other regions.", () => figures.told);
    counter("ghosts_bytes_told", "Compressed bytes of these.", () => figures.bytes);
    counter("ghosts_heard", "Tellings of other regions' entities that were taken.", () => {
      return figures.heard;
    });
    counter("ghosts_refused", "Forged, foreign, unreadable or too old messages of them.", () => {
      return figures.refused;
    });
    counter("ghosts_repeated", "Messages of them that came after a later one, or twice.", () => {
      return figures.repeated;
    });
    counter("ghosts_lost", "Messages of them that were dropped: too many waited.", () => {
      return figures.lost + ghosts.lost;
    });
    counter("ghosts_without_room", "Tellings of one for whom there was no room.", () => {
      return ghosts.withoutRoom;
    });
  }
}

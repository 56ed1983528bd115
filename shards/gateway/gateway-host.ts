import { randomInt } from "node:crypto";
import { listenOnFreePort } from "#shared/infra/listen.ts";
import type { Mode } from "#shared/infra/settings.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { EarlyThread } from "../early-thread.ts";
import { type ConnectionId, gatewayOf } from "../loop/connection-id.ts";
import { decodeCommand } from "../loop/decode-command.ts";
import type { Inbox } from "../loop/inbox.ts";
import type { ControlMessage, GatewayMessage, LoopOutput } from "../loop/messages.ts";
import { connectionOfSend, countSends, type PublicationView } from "../loop/publication.ts";
import { allocateAddressCounts } from "./address-counts.ts";
import { allocateGatewayCounters } from "./gateway-metrics.ts";
import type { GatewayInit, GatewayMemory } from "./gateway-unit.ts";
import { GatewayWatch, WEDGED_MS } from "./gateway-watch.ts";
import type { HttpAnswer, HttpQuestion } from "./http-relay.ts";
import { openInlineGateway } from "./inline-gateway.ts";
import { allocateRing, ByteRing } from "./link/byte-ring.ts";
import { ChannelReader, ChannelWriter } from "./link/channel.ts";
import { allocateHeader, LinkHeader } from "./link/link-header.ts";
import { allocateSlots, type SlotsShape, SlotsWriter } from "./link/publication-slots.ts";
import { type ReservedPort, reservePort } from "./reserve-port.ts";
import { writeDelivery } from "./talk.ts";
import { openThreadGateway } from "./thread-gateway.ts";

/** Commands of a tick with 12,000 clients at 60 messages a second, at 36 bytes each. */
const INPUT_BYTES = 1_024 * 1_024;
const CONTROL_BYTES = 512 * 1_024;

export interface GatewayHostOptions
  extends Omit<GatewayInit, "index" | "sharesPort" | "memory" | "port"> {
  /** Threads; 0 serves the sockets on this one. */
  readonly gateways: number;
  /** Those that run already; each gateway takes one while there are any. */
  readonly threads?: EarlyThread[];
  readonly mode: Mode;
  readonly port: number;
  readonly clock: Clock;
  readonly slots: SlotsShape;
  readonly ask: (question: HttpQuestion) => Promise<HttpAnswer>;
  /** A gateway is gone or stands still: the shard cannot go on. */
  readonly failed: (message: string) => void;
  /** Opens one gateway; by `gateways` on a thread of its own or on this one. */
  readonly openGateway?: (init: GatewayInit, options: GatewayHostOptions) => Promise<GatewayHandle>;
}

/** One gateway as the loop's thread holds it. */
export interface GatewayHandle {
  readonly port: number;
  /** The loop has written something. */
  wake(): void;
  sayGoodbye(): Promise<void>;
  close(): Promise<void>;
}

interface Link {
  readonly memory: GatewayMemory;
  readonly control: ChannelWriter<ControlMessage>;
  readonly inputs: ChannelReader<GatewayMessage>;
  readonly slots: SlotsWriter;
  readonly watch: GatewayWatch;
}

/** The loop's end of all gateways: what it has for a client goes to the gateway that holds it. */
export class GatewayHost implements LoopOutput {
  readonly #options: GatewayHostOptions;
  readonly #header: LinkHeader;
  readonly #links: readonly Link[];
  #handles: readonly GatewayHandle[] = [];
  #reserved: ReservedPort | undefined;
  /** Clients whose frame found no room at the last moment. */
  readonly #lostBase: ConnectionId[] = [];
  #hasFailed = false;
  /** Something was written since the gateways were woken last. */
  #isWritten = false;
  #tick = 0;

  private constructor(options: GatewayHostOptions) {
    const header = allocateHeader();
    const addresses = allocateAddressCounts();
    const addressSeed = randomInt(2 ** 32);
    this.#options = options;
    this.#header = new LinkHeader(header, originOf(options));
    this.#links = Array.from({ length: Math.max(1, options.gateways) }, () =>
      openLink(
        {
          header,
          addresses,
          addressSeed,
          inputs: allocateRing(INPUT_BYTES),
          control: allocateRing(CONTROL_BYTES),
          slots: allocateSlots(options.slots),
          counters: allocateGatewayCounters(),
        },
        options.clock.monotonicMs(),
      ),
    );
  }

  /** Opens the sockets; throws a ConfigurationError when the port cannot be had. */
  static async open(options: GatewayHostOptions): Promise<GatewayHost> {
    const host = new GatewayHost(options);
    const { mode, port } = options;
    const place = { host: options.host, port, mode, setting: "TESSERA_SHARD_PORT" } as const;
    host.#handles = await listenOnFreePort(place, (free) => host.#openAll(options, free));
    return host;
  }

  get port(): number {
    return this.#handles[0]?.port ?? 0;
  }

  /** For `GatewayReadings`. */
  get counters(): readonly SharedArrayBuffer[] {
    return this.#links.map(({ memory }) => memory.counters);
  }

  /** Publications that the slowest gateway has not finished. */
  get unfinished(): number {
    return Math.max(...this.#links.map(({ slots }) => slots.unfinished));
  }

  /** Whether the client's gateway can take another publication. */
  hasRoom(connection: ConnectionId): boolean {
    return this.#links[gatewayOf(connection)]?.slots.hasRoom ?? false;
  }

  /** Puts all that clients have sent into the inbox. */
  collect(inbox: Inbox): void {
    for (const connection of this.#lostBase) inbox.push({ kind: "lostBase", connection });
    this.#lostBase.length = 0;
    for (const { inputs } of this.#links) {
      inputs.drain({
        message: (message) => inbox.push(message),
        bytes: (connection, frame) =>
          inbox.push({ kind: "command", connection, message: decodeCommand(frame) }),
      });
    }
  }

  control(message: ControlMessage): void {
    this.#isWritten = true;
    const control = this.#links[gatewayOf(message.connection)]?.control;
    // The ack tells as much as a rejection; a welcome or a goodbye nothing else tells.
    if (message.kind === "reject") control?.offer(message.connection, message);
    else control?.send(message.connection, message);
  }

  tell(connections: readonly ConnectionId[], frame: Uint8Array): boolean {
    this.#isWritten = true;
    let isTold = true;
    for (const [index, { control }] of this.#links.entries()) {
      const ours = connections.filter((connection) => gatewayOf(connection) === index);
      const [first] = ours;
      if (first === undefined) continue;
      isTold = control.sendBytes(first, writeDelivery(ours, frame)) && isTold;
    }
    return isTold;
  }

  publish(publication: PublicationView): void {
    this.#isWritten = true;
    for (const [index, { slots }] of this.#links.entries()) {
      const isOurs = (connection: ConnectionId) => gatewayOf(connection) === index;
      if (slots.write(publication, isOurs)) continue;
      // Larger than a slot, since the loop asked for room before: they start anew.
      for (let send = 0; send < countSends(publication); send++) {
        const connection = connectionOfSend(publication, send);
        if (isOurs(connection)) this.#lostBase.push(connection);
      }
    }
  }

  ticked(tick: number, intendedMs: number): void {
    // While the world stands still, nothing else tells them to look at the time.
    this.#isWritten ||= tick === this.#tick;
    this.#tick = tick;
    this.#header.ticked(tick, intendedMs);
  }

  /** Lets the gateways know that messages and frames are written, if any are. */
  wake(): void {
    for (const { control } of this.#links) {
      if (!control.isWaiting) continue;
      control.flush();
      this.#isWritten = true;
    }
    this.#lookAtGateways();
    if (!this.#isWritten) return;
    this.#isWritten = false;
    this.#header.signal();
    for (const handle of this.#handles) handle.wake();
  }

  /** Tells all clients that the shard stops. */
  async sayGoodbye(): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle.sayGoodbye()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle.close()));
    this.#reserved?.release();
  }

  /** One that stands still keeps its clients for good: a new start serves them again. */
  #lookAtGateways(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const [index, { watch, slots, control }] of this.#links.entries()) {
      const taken = slots.finished + control.taken;
      const isOwed = slots.unfinished > 0 || control.hasUntaken;
      if (!watch.isWedged({ taken, isOwed }, nowMs) || this.#hasFailed) continue;
      this.#hasFailed = true;
      this.#options.failed(
        `gateway ${index} stood still for ${WEDGED_MS / 1_000} s while work waited for it`,
      );
    }
  }

  async #openAll(options: GatewayHostOptions, port: number): Promise<GatewayHandle[]> {
    const sharesPort = this.#links.length > 1;
    const reserved = sharesPort ? reservePort(options.host, port) : undefined;
    const open = options.openGateway ?? usualGateway(options);
    const opening = this.#links.map(({ memory }, index) => {
      const init = readInit(options, { index, memory, sharesPort, port: reserved?.port ?? port });
      return open(init, options);
    });
    const results = await Promise.allSettled(opening);
    const failure = results.find((result) => result.status === "rejected");
    const handles = results.flatMap((result) =>
      result.status === "fulfilled" ? [result.value] : [],
    );
    this.#reserved = reserved;
    if (failure === undefined) return handles;
    await Promise.all(handles.map((handle) => handle.close()));
    this.#reserved?.release();
    throw failure.reason;
  }
}

function usualGateway({ gateways }: GatewayHostOptions) {
  return gateways === 0 ? openInlineGateway : openThreadGateway;
}

/** Threads count their time from different starts; one thread alone needs no common one. */
function originOf({ gateways }: GatewayHostOptions): number {
  return gateways === 0 ? 0 : performance.timeOrigin;
}

function openLink(memory: GatewayMemory, nowMs: number): Link {
  return {
    memory,
    control: new ChannelWriter(new ByteRing(memory.control)),
    inputs: new ChannelReader(new ByteRing(memory.inputs)),
    slots: new SlotsWriter(memory.slots),
    watch: new GatewayWatch(nowMs),
  };
}

/** What passes to a thread, and nothing else. */
function readInit(
  options: GatewayHostOptions,
  own: Pick<GatewayInit, "index" | "memory" | "sharesPort" | "port">,
): GatewayInit {
  const { host, origins, connectionsPerAddressMax, messagesPerSecondMax } = options;
  const { legacyForm, shardKey, keys } = options;
  return {
    ...own,
    host,
    origins,
    connectionsPerAddressMax,
    messagesPerSecondMax,
    legacyForm,
    shardKey,
    keys,
  };
}

import type { Clock } from "#shared/time/clock.ts";
import type { ControlMessage, GatewayMessage } from "../loop/messages.ts";
import { AddressCounts } from "./address-counts.ts";
import { Gateway } from "./gateway.ts";
import { createGatewayMetrics } from "./gateway-metrics.ts";
import { GatewayPump } from "./gateway-pump.ts";
import { createHttpRelay, type HttpAnswer, type HttpQuestion } from "./http-relay.ts";
import type { LegacyForm } from "./legacy/legacy-scene.ts";
import { ByteRing } from "./link/byte-ring.ts";
import { ChannelReader, ChannelWriter } from "./link/channel.ts";
import { LinkHeader } from "./link/link-header.ts";
import { type SlotsMemory, SlotsReader } from "./link/publication-slots.ts";
import type { OriginPolicy } from "./origins.ts";
import { createRandomBits } from "./random-bits.ts";
import { type SocketServer, serveSockets } from "./socket-server.ts";
import { type KeySource, openKeys, verifyTicket } from "./tickets.ts";
import { hashToken } from "./token-hash.ts";

/** Part of the 5 s in which a client that does not read is found out. */
const SWEEP_MS = 250;

/** All that a gateway is told at its start; plain data that passes to a thread. */
export interface GatewayInit {
  readonly index: number;
  readonly host: string;
  readonly port: number;
  readonly sharesPort: boolean;
  readonly origins: OriginPolicy;
  readonly connectionsPerAddressMax: number;
  readonly messagesPerSecondMax: number;
  readonly legacyForm: LegacyForm | undefined;
  readonly shardKey: string;
  readonly keys: KeySource;
  readonly memory: GatewayMemory;
}

/** What a gateway shares with the loop. */
export interface GatewayMemory {
  readonly header: SharedArrayBuffer;
  /** Gateway to loop, and loop to gateway. */
  readonly inputs: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  readonly slots: SlotsMemory;
  readonly counters: SharedArrayBuffer;
  readonly addresses: SharedArrayBuffer;
  readonly addressSeed: number;
}

export interface GatewayUnitDeps {
  clock: Clock;
  /** When this thread's clock started, see LinkHeader. */
  originMs: number;
  /** Answers what is no game socket's. */
  ask: (question: HttpQuestion) => Promise<HttpAnswer>;
  yieldTo: (callback: () => void) => void;
}

/** A gateway with its sockets and its end of the link to the loop, on whichever thread. */
export interface GatewayUnit {
  readonly port: number;
  readonly header: LinkHeader;
  /** Takes what the loop has written. */
  pump(): void;
  /** Tells everyone that the shard stops. */
  sayGoodbye(): void;
  stop(): Promise<void>;
}

/** Opens the sockets; throws what the system says when the port cannot be had. */
export function startGatewayUnit(init: GatewayInit, deps: GatewayUnitDeps): GatewayUnit {
  const { memory } = init;
  const { clock } = deps;
  const metrics = createGatewayMetrics(memory.counters);
  const header = new LinkHeader(memory.header, deps.originMs);
  const inputs = new ChannelWriter<GatewayMessage>(new ByteRing(memory.inputs));
  const keys = openKeys(init.keys);
  const { index, shardKey, messagesPerSecondMax } = init;
  const gateway = new Gateway({
    clock,
    index,
    inbox: (message) => inputs.send(message.connection, message),
    command: (connection, frame) => inputs.sendBytes(connection, frame),
    verifyTicket: (token) => verifyTicket(token, { keys, shardKey, wallMs: () => clock.wallMs() }),
    hashToken,
    randomUint32: createRandomBits(),
    messagesPerSecondMax,
    metrics,
  });
  const pump = new GatewayPump({
    gateway,
    clock,
    header,
    control: new ChannelReader<ControlMessage>(new ByteRing(memory.control)),
    slots: new SlotsReader(memory.slots),
    yieldTo: deps.yieldTo,
    stretched: (durationMs) => metrics.stalled(durationMs),
  });
  const sockets = openSockets(init, createHttpRelay(clock, deps.ask), { gateway, metrics });
  let cancel = clock.schedule(SWEEP_MS, sweep);
  function sweep(): void {
    gateway.sweep();
    inputs.flush();
    cancel = clock.schedule(SWEEP_MS, sweep);
  }
  return {
    port: sockets.port,
    header,
    pump: () => pump.pump(),
    sayGoodbye: () => gateway.stop(),
    async stop() {
      cancel();
      await sockets.stop();
    },
  };
}

function openSockets(
  init: GatewayInit,
  http: (request: Request) => Promise<Response>,
  parts: { gateway: Gateway; metrics: ReturnType<typeof createGatewayMetrics> },
): SocketServer {
  const { host, port, sharesPort, origins, connectionsPerAddressMax, legacyForm, memory } = init;
  return serveSockets({
    host,
    port,
    sharesPort,
    origins,
    connectionsPerAddressMax,
    legacyForm,
    addresses: new AddressCounts(memory.addresses, memory.addressSeed),
    http,
    ...parts,
  });
}

// Everything that one hostile connection may do. Each begins on a TCP connection and is over when
// the shard has closed it.
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ClientFrameSchema } from "#proto/frame_pb.ts";
import { PROTOCOL_VERSION } from "#shared/net/protocol.ts";
import type { Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import { upgradeRequest } from "../../load/websocket-framing.ts";
import { frameBytes, joinBytes, noise, OPCODE } from "./bad-frames.ts";
import { RawSocket } from "./raw-socket.ts";

/** What an attack has to go by. */
export interface Battle {
  readonly address: string;
  /** Lets one player in. */
  readonly ticket: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Frames that a burst of garbage has. */
  readonly burst: number;
}

/** Where an attack stands: its socket, and since when it does what must not be done. */
export interface Offence {
  readonly socket: RawSocket;
  readonly sinceMs: number;
  readonly frames: number;
}

/** Messages per second of a flood. */
const FLOOD_PER_SECOND = 10_000;
const FLOOD_STEP_MS = 10;
/** A flood that nobody stops ends by itself. */
const FLOOD_MS_MAX = 3_000;
const FRAME_BYTES_MAX = 4_096;

/** Attacks by name. */
export const ATTACKS = {
  garbage: burst((random) => frameBytes(noise(random, random.below(200)))),
  garbageOfAnyLength: burst((random) => frameBytes(noise(random, random.below(FRAME_BYTES_MAX)))),
  oversize: burst((random) => frameBytes(noise(random, FRAME_BYTES_MAX + 1 + random.below(4_000)))),
  claimedOversize: burst(() => frameBytes(new Uint8Array(64), { claimedBytes: 2 ** 40 })),
  text: burst((random) => frameBytes(noise(random, 20), { opcode: OPCODE.text })),
  unmasked: burst((random) => frameBytes(noise(random, 20), { isMasked: false })),
  reservedBits: burst((random) => frameBytes(noise(random, 20), { first: 0xf2 })),
  unknownOpcode: burst((random) => frameBytes(noise(random, 20), { first: 0x87 })),
  longPing: burst((random) => frameBytes(noise(random, 300), { opcode: OPCODE.ping })),
  noWebSocket: (battle) => rush(battle, (random) => noise(random, 100)),
  garbageInPlay: async (battle) => {
    const socket = await enter(battle);
    return sendBurst(socket, battle, (random) => frameBytes(noise(random, 1 + random.below(200))));
  },
  inputFlood: flood((sequence) => {
    const controls = { case: "arena" as const, value: { dx: (sequence % 3) - 1, dy: 0 } };
    return encode({ case: "input", value: { sequence, controls } });
  }),
  pingFlood: flood((sequence) => encode({ case: "ping", value: { clientTimeMs: sequence } })),
  controlPingFlood: flood(() => frameBytes(new Uint8Array(4), { opcode: OPCODE.ping })),
  controlPongFlood: flood(() => frameBytes(new Uint8Array(4), { opcode: OPCODE.pong })),
} as const satisfies Record<string, (battle: Battle) => Promise<Offence>>;

export type AttackName = keyof typeof ATTACKS;

/** Connections that begin something and never go on; how long they may is their own bar. */
export const SILENCES = {
  noHello: (battle) => fallSilent(battle, () => new Uint8Array(0)),
  halfFrame: (battle) =>
    fallSilent(battle, (random) => frameBytes(noise(random, 10), { claimedBytes: 1_000 })),
  halfMessage: (battle) =>
    fallSilent(battle, (random) => frameBytes(noise(random, 10), { first: OPCODE.binary })),
  halfRequest: async ({ address, clock }) => {
    const socket = await RawSocket.connect(address, clock);
    socket.write(upgradeRequest(new URL(address)).subarray(0, 40));
    return { socket, sinceMs: clock.monotonicMs(), frames: 0 };
  },
} as const satisfies Record<string, (battle: Battle) => Promise<Offence>>;

export type SilenceName = keyof typeof SILENCES;

type Make = (random: Random) => Uint8Array;

/** A burst of bad frames as the first thing on a new WebSocket. */
function burst(make: Make): (battle: Battle) => Promise<Offence> {
  return async (battle) => {
    const socket = await RawSocket.upgrade(battle.address, battle.clock);
    return sendBurst(socket, battle, make);
  };
}

function sendBurst(socket: RawSocket, battle: Battle, make: Make): Offence {
  const { clock, random, burst: frames } = battle;
  const bytes = joinBytes(Array.from({ length: frames }, () => make(random)));
  const sinceMs = clock.monotonicMs();
  socket.write(bytes);
  return { socket, sinceMs, frames };
}

/** Noise where a request for an upgrade should be. */
async function rush({ address, clock, random }: Battle, make: Make): Promise<Offence> {
  const socket = await RawSocket.connect(address, clock);
  const sinceMs = clock.monotonicMs();
  socket.write(make(random));
  return { socket, sinceMs, frames: 1 };
}

async function fallSilent({ address, clock, random }: Battle, make: Make): Promise<Offence> {
  const socket = await RawSocket.upgrade(address, clock);
  const sinceMs = clock.monotonicMs();
  socket.write(make(random));
  return { socket, sinceMs, frames: 0 };
}

/** A player who is let in and then says 10,000 things a second, until it is closed. */
function flood(make: (sequence: number) => Uint8Array): (battle: Battle) => Promise<Offence> {
  return async (battle) => {
    const socket = await enter(battle);
    const sinceMs = battle.clock.monotonicMs();
    let sequence = 0;
    const keepOn = () => {
      const nowMs = battle.clock.monotonicMs();
      if (socket.isOver || nowMs - sinceMs > FLOOD_MS_MAX) return;
      const due = Math.floor(((nowMs - sinceMs + FLOOD_STEP_MS) / 1_000) * FLOOD_PER_SECOND);
      const parts: Uint8Array[] = [];
      while (sequence < due) parts.push(make(++sequence));
      socket.write(joinBytes(parts));
      battle.clock.schedule(FLOOD_STEP_MS, keepOn);
    };
    keepOn();
    await Promise.race([socket.ended, sleep(battle.clock, FLOOD_MS_MAX)]);
    return { socket, sinceMs, frames: sequence };
  };
}

/** Says hello and waits until it is answered. */
export async function enter({ address, ticket, clock }: Battle): Promise<RawSocket> {
  const socket = await RawSocket.upgrade(address, clock);
  const answered = new Promise<void>((resolve) => {
    socket.listener = () => resolve();
  });
  const credential = { case: "ticket" as const, value: ticket };
  socket.write(encode({ case: "hello", value: { protocolVersion: PROTOCOL_VERSION, credential } }));
  await Promise.race([answered, socket.ended]);
  return socket;
}

export type FrameInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["frame"]>;

/** A well-formed frame of a client, ready to be written. */
export function encode(frame: FrameInit): Uint8Array {
  return frameBytes(toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame })));
}

export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.schedule(ms, () => resolve()));
}

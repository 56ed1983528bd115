// The floor under a shard: a bare `Bun.serve` that sends frames of given sizes at the times of a
// shard, and does nothing else. No world, no codec, no tickets, no limits, no database; what comes
// in is dropped. It is started by the benchmark `shard-floor`.
import { create, toBinary } from "@bufbuild/protobuf";
import { z } from "zod";
import { ServerFrameSchema } from "#proto/frame_pb.ts";
import { ARENA_PARAMETERS, createRandom } from "#shared/sim/index.ts";
import { createFloorFrame, setTick, shuffleSizes } from "./floor-frames.ts";

const Task = z.object({
  tickRate: z.number(),
  sendIntervalTicks: z.number(),
  sizes: z.array(z.object({ bytes: z.number(), count: z.number() })),
});

/** Sizes are drawn from a list of so many. */
const ORDER_LENGTH = 1 << 16;

type Socket = Bun.ServerWebSocket<{ isIn: boolean }>;

const { tickRate, sendIntervalTicks, sizes } = Task.parse(JSON.parse(process.argv[2] ?? "{}"));
const random = createRandom(1);
const frames = sizes.map(({ bytes }) => createFloorFrame(bytes));
const order = shuffleSizes(sizes, { length: ORDER_LENGTH, below: (bound) => random.below(bound) });
const groups: Socket[][] = Array.from({ length: sendIntervalTicks }, () => []);
let players = 0;
let tick = 0;
let sent = 0;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request, self) =>
    self.upgrade(request, { data: { isIn: false } }) ? undefined : new Response("a floor"),
  websocket: {
    data: { isIn: false },
    perMessageDeflate: false,
    message: (socket: Socket) => {
      if (!socket.data.isIn) letIn(socket);
    },
  },
});

process.on("disconnect", () => process.exit(0));
const startMs = performance.now();
setTimeout(runTick, 1_000 / tickRate);
process.send?.({ url: `ws://127.0.0.1:${server.port}/game` });

/** The first message is the hello: the client learns what it needs to move and to send. */
function letIn(socket: Socket): void {
  socket.data.isIn = true;
  players += 1;
  groups[players % sendIntervalTicks]?.push(socket);
  socket.send(welcome(players));
  socket.send(firstTick());
}

/** One group is sent to, and the next tick is due when it was meant to be. */
function runTick(): void {
  tick += 1;
  for (const frame of frames) setTick(frame, tick);
  const group = groups[tick % sendIntervalTicks] ?? [];
  for (const socket of group) {
    const frame = frames[order[sent++ % ORDER_LENGTH] ?? 0];
    if (frame !== undefined) socket.send(frame);
  }
  const dueMs = startMs + (1_000 * (tick + 1)) / tickRate;
  setTimeout(runTick, Math.max(0, dueMs - performance.now()));
}

function welcome(entityId: number): Uint8Array {
  const value = {
    entityId,
    tick,
    sendIntervalTicks,
    world: { case: "arena" as const, value: { ...ARENA_PARAMETERS, tickRate } },
  };
  return toBinary(
    ServerFrameSchema,
    create(ServerFrameSchema, { frame: { case: "welcome", value } }),
  );
}

/** Tells the client where it is, once: it then turns as all do. */
function firstTick(): Uint8Array {
  const arena = { x: 10_000, y: 10_000, state: 1, health: 100 };
  const value = { tick, ack: { self: { case: "arena" as const, value: arena } } };
  return toBinary(ServerFrameSchema, create(ServerFrameSchema, { frame: { case: "tick", value } }));
}

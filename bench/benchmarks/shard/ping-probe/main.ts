// Clients that do nothing but ping, in a process of their own: the generator of ten thousand
// handles a tick's frames at a stretch, longer than the shard takes to answer, and would measure
// itself.
import { systemClock } from "#shared/time/clock.ts";
import { createBlocksWire } from "../../../load/blocks-wire.ts";
import { Swarm } from "../../../load/swarm.ts";
import { createTesseraWire } from "../../../load/tessera-wire.ts";
import type { PingOrder } from "./run-ping-probe.ts";

const order: PingOrder = await Bun.stdin.json();
const swarm = new Swarm({
  admission: {
    async admit(index) {
      const door = order.doors[index];
      if (door === undefined) throw new Error(`cannot admit client ${index}: there is no ticket`);
      return door;
    },
  },
  clock: systemClock,
  wire: order.world === "blocks" ? createBlocksWire() : createTesseraWire(),
  rate: 0,
  viewport: { width: 64, height: 64 },
});
await swarm.grow(order.doors.length, { seconds: 0.5 });
const { ping, lost } = await swarm.measure(order.seconds);
console.log(JSON.stringify({ ping, lost: lost.pings }));
process.exit(0);

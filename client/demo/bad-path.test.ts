import { describe, expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import type { GameSocket } from "../sdk/connection.ts";
import { overBadPath, readConditions } from "./bad-path.ts";

/** A real socket's behaviour without a network: takes notes, and speaks when told to. */
class PaperSocket implements GameSocket {
  static last: PaperSocket | undefined;
  binaryType: BinaryType = "blob";
  readyState = 1;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly sent: number[] = [];

  constructor() {
    PaperSocket.last = this;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.sent.push(bytes[0] ?? 0);
  }

  close(): void {
    this.onclose?.(new CloseEvent("close", { code: 1000 }));
  }
}

function setUp(query: string) {
  const clock = new FakeClock();
  const conditions = readConditions(new URLSearchParams(query));
  if (conditions === null) throw new Error("cannot set up: the query asks for nothing");
  const random = createRandom(1);
  const Delayed = overBadPath({ clock, random, conditions, WebSocket: PaperSocket });
  const socket = new Delayed("ws://shard.test/game");
  const real = PaperSocket.last;
  if (real === undefined) throw new Error("cannot set up: no socket was opened");
  const heard: number[] = [];
  socket.onmessage = ({ data }) => heard.push(new Uint8Array(data)[0] ?? 0);
  socket.onclose = ({ code }) => heard.push(code);
  const say = (value: number) =>
    real.onmessage?.(new MessageEvent("message", { data: Uint8Array.of(value).buffer }));
  return { clock, socket, real, heard, say };
}

describe("readConditions", () => {
  test("halves the round trip for each direction", () => {
    expect(readConditions(new URLSearchParams("latency=150&jitter=20&loss=2"))).toEqual({
      latencyMs: 75,
      jitterMs: 10,
      loss: 0.02,
      retransmitMs: 200,
    });
  });

  test("asks for nothing by itself, and brings nonsense within bounds", () => {
    expect(readConditions(new URLSearchParams("world=arena"))).toBeNull();
    expect(readConditions(new URLSearchParams("latency=-5&loss=900"))).toMatchObject({
      latencyMs: 0,
      loss: 0.5,
    });
    expect(readConditions(new URLSearchParams("latency=soon"))).toMatchObject({ latencyMs: 0 });
  });
});

test("messages take half the round trip each way", () => {
  const { clock, socket, real, heard, say } = setUp("latency=100");
  socket.send(Uint8Array.of(7));
  say(8);
  clock.advance(49);
  expect([real.sent, heard]).toEqual([[], []]);
  clock.advance(1);
  expect([real.sent, heard]).toEqual([[7], [8]]);
});

test("order is kept over jitter and loss, and the end comes after the last message", () => {
  const { clock, heard, real, say } = setUp("latency=100&jitter=90&loss=30");
  const values = Array.from({ length: 200 }, (_, index) => index % 250);
  for (const value of values) {
    say(value);
    clock.advance(5);
  }
  real.close();
  clock.advance(60_000);
  expect(heard).toEqual([...values, 1000]);
});

test("nothing is sent after the end", () => {
  const { clock, socket, real } = setUp("latency=100");
  socket.send(Uint8Array.of(7));
  real.close();
  clock.advance(1_000);
  expect(real.sent).toEqual([]);
});

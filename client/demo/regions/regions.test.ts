import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { wordsOf } from "../hud/region-choice.ts";
import { measureWay, type ProbeSocket } from "./measure-way.ts";

/** Sockets that open after so many milliseconds each, or are refused where it says null. */
function setUp(openings: readonly (number | null)[]) {
  const clock = new FakeClock();
  const closed: boolean[] = [];
  let count = 0;
  class SlowSocket implements ProbeSocket {
    onopen: ((event: Event) => void) | null = null;
    onclose: ((event: CloseEvent) => void) | null = null;
    readonly #index = count++;

    constructor() {
      const afterMs = openings[this.#index] ?? null;
      clock.schedule(afterMs ?? 1, () => {
        if (afterMs === null) this.onclose?.(new CloseEvent("close"));
        else this.onopen?.(new Event("open"));
      });
    }

    close(): void {
      closed[this.#index] = true;
    }
  }
  return { clock, closed, WebSocket: SlowSocket };
}

async function measured(address: string, openings: readonly (number | null)[]) {
  const { clock, closed, WebSocket } = setUp(openings);
  const way = measureWay(address, { clock, WebSocket });
  for (let step = 0; step < 12_000; step += 1) {
    clock.advance(1);
    await Promise.resolve();
  }
  return { way: await way, closed };
}

test("a way is the better of two openings, by the trips that one takes", async () => {
  expect(await measured("ws://a.test/game", [240, 180])).toEqual({ way: 90, closed: [true, true] });
  expect((await measured("wss://a.test/game", [240, 300])).way).toBe(80);
});

test("who refuses or does not answer for seconds is at no known distance", async () => {
  expect(await measured("ws://a.test/game", [null])).toEqual({ way: null, closed: [true] });
  expect((await measured("ws://a.test/game", [9_000])).way).toBeNull();
});

test("a region has words for whether and how far it is there", () => {
  const way = { region: "us-east-1", title: "America", online: true, rttMs: null };
  expect(wordsOf(way, false)).toBe("America");
  expect(wordsOf({ ...way, rttMs: 90.4 }, false)).toBe("America · ≈ 90 ms");
  expect(wordsOf({ ...way, rttMs: 0.2 }, false)).toBe("America · ≈ 1 ms");
  expect(wordsOf({ ...way, rttMs: 90.4 }, true)).toBe("America");
  expect(wordsOf({ ...way, online: false }, false)).toBe("America · away");
});

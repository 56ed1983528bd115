import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { Sessions } from "../loop/sessions.ts";
import { ChatDelivery, type Line, TOLD_WAITING_MAX } from "./delivery.ts";
import { PlayerStandings } from "./standings.ts";

function crowd(count: number) {
  const sessions = new Sessions();
  for (let player = 1; player <= count; player++) {
    sessions.attach(sessions.add(`p${player}`, player, 0), player);
  }
  const ticks: number[] = [];
  let told = 0;
  const standings = new PlayerStandings({
    clock: new FakeClock(),
    server: undefined,
    isHere: () => true,
  });
  const delivery = new ChatDelivery({
    sessions,
    standings,
    output: {
      tell(connections) {
        told += connections.length;
        return true;
      },
    },
    isThere: () => true,
  });
  const turn = () => {
    told = 0;
    delivery.turn();
    ticks.push(told);
  };
  return { sessions, delivery, turn, ticks };
}

const official = (text: string): Line => ({ content: { senderId: "staff", text }, official: true });

test("what is said to a crowd goes out over several ticks, few first", () => {
  const { sessions, delivery, turn, ticks } = crowd(1_200);
  delivery.toAll(official("all"));
  delivery.toFew(official("few"), [...sessions.all()].slice(0, 100));
  for (let tick = 0; tick < 4; tick++) turn();
  expect(ticks).toEqual([512, 512, 276, 0]);
});

test("lines that come while one goes round share the next frame", () => {
  const { delivery, turn, ticks } = crowd(600);
  for (const text of ["one", "two", "three"]) delivery.toAll(official(text));
  turn();
  delivery.toAll(official("four"));
  for (let tick = 0; tick < 3; tick++) turn();
  expect(ticks).toEqual([512, 512, 176, 0]);
});

test("where too many wait to be told, lines to a few are lost and counted", () => {
  const { sessions, delivery } = crowd(1_200);
  let lines = 0;
  for (; delivery.hasRoom; lines++) delivery.toFew(official("few"), sessions.all());
  expect(lines).toBe(Math.ceil(TOLD_WAITING_MAX / 1_200));
  delivery.toFew(official("one more"), sessions.all());
  expect(delivery.lostTotal).toBe(1);
});

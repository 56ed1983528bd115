// What every bus does, whatever it runs on: real brokers, real sockets.
import { describe, expect, test } from "bun:test";
import type { BusMessage } from "#proto/bus_pb.ts";
import { until } from "#shared/testing/until.ts";
import type { Bus, BusPayload } from "./bus.ts";
import { busKinds } from "./conformance.fixture.ts";

const SET = { name: "players", ttlMs: 400 };

function say(text: string): BusPayload {
  return { case: "sessionsRevoked", value: { playerId: text, reason: "" } };
}

function heard({ payload }: BusMessage): string {
  return payload.case === "sessionsRevoked" ? payload.value.playerId : "";
}

/** What a bus is told on a topic. */
function listen(bus: Bus, topic: string): string[] {
  const texts: string[] = [];
  bus.subscribe(topic, (message) => texts.push(heard(message)));
  return texts;
}

/** What a bus is handed under a name. */
function consume(bus: Bus, topic: string, name: string) {
  const texts: string[] = [];
  const stop = bus.consume(topic, { name }, (messages) => void texts.push(...messages.map(heard)));
  return { texts, stop };
}

/** Sends until the bus takes it, as whoever has it written down does. */
async function insist(bus: Bus, topic: string, text: string): Promise<void> {
  await until(`the bus to take ${text}`, () =>
    bus.send(topic, say(text), { id: `id-of-${text}` }).then(
      () => true,
      () => false,
    ),
  );
}

const connected = (...buses: Bus[]) =>
  until("the connections", () => buses.every((bus) => bus.connected));

for (const [kind, open] of Object.entries(busKinds)) {
  describe(`the bus on ${kind}`, () => {
    test("what is published reaches all who subscribe, not its publisher", async () => {
      await using house = await open();
      const [one, two, three] = [house.connect("one"), house.connect("two"), house.connect("two")];
      const [atOne, atTwo, atThree] = [one, two, three].map((bus) => listen(bus, "news"));
      const atOther = listen(three, "other");
      await connected(one, two, three);
      let count = 0;
      // A subscription may still be on its way.
      await until("the news", () => {
        one.publish("news", say(String(count++)));
        return (atTwo?.length ?? 0) > 3 && (atThree?.length ?? 0) > 3;
      });
      expect([atOne, atOther]).toEqual([[], []]);
      expect(atTwo).toEqual(atTwo?.toSorted((a, b) => Number(a) - Number(b)));
      expect(one.figures.of("news").published).toBe(count);
      expect(one.figures.of("news").dropped).toBe(0);
    });

    test("what is sent is kept until it is consumed, once under each name", async () => {
      await using house = await open();
      const [sender, reader, other] = [house.connect("a"), house.connect("b"), house.connect("c")];
      for (const text of ["1", "2", "3"]) await sender.send("work", say(text));
      const first = consume(reader, "work", "ledger");
      const second = consume(other, "work", "archive");
      await until("both", () => first.texts.length >= 3 && second.texts.length >= 3);
      await sender.send("work", say("4"));
      await until("the last", () => first.texts.length >= 4 && second.texts.length >= 4);
      expect([first.texts, second.texts]).toEqual([
        ["1", "2", "3", "4"],
        ["1", "2", "3", "4"],
      ]);
    });

    test("a process is handed what it sent itself, as others under its name would be", async () => {
      await using house = await open();
      const bus = house.connect("a");
      const { texts } = consume(bus, "work", "ledger");
      await bus.send("work", say("1"));
      await until("it", () => texts.length > 0);
      expect(texts).toEqual(["1"]);
    });

    test("a message that is sent twice with one id is consumed once", async () => {
      await using house = await open();
      const [sender, reader] = [house.connect("a"), house.connect("b")];
      const { texts } = consume(reader, "work", "ledger");
      for (const text of ["x", "x", "y", "x", "y"]) {
        await sender.send("work", say(text), { id: `id-of-${text}` });
      }
      await sender.send("work", say("end"));
      await until("the end", () => texts.includes("end"));
      expect(texts).toEqual(["x", "y", "end"]);
    });

    test("who comes back under a name goes on where it was", async () => {
      await using house = await open();
      const [sender, reader] = [house.connect("a"), house.connect("b")];
      const before = consume(reader, "work", "ledger");
      await sender.send("work", say("1"));
      await until("the first", () => before.texts.length === 1);
      await before.stop();
      for (const text of ["2", "3"]) await sender.send("work", say(text));
      const after = consume(house.connect("c"), "work", "ledger");
      await until("the rest", () => after.texts.length >= 2);
      expect([before.texts, after.texts]).toEqual([["1"], ["2", "3"]]);
    });

    test("who ends in the middle of something finishes it, and nobody has it again", async () => {
      await using house = await open();
      const [sender, reader] = [house.connect("a"), house.connect("b")];
      const ended = Promise.withResolvers<void>();
      const stop = reader.consume("work", { name: "ledger" }, async () => {
        stop().then(ended.resolve, ended.reject);
      });
      await insist(sender, "work", "1");
      await ended.promise;
      const { texts } = consume(house.connect("c"), "work", "ledger");
      await insist(sender, "work", "2");
      await until("the next", () => texts.includes("2"));
      expect(texts).toEqual(["2"]);
    });

    test("who is new may begin with what comes", async () => {
      await using house = await open();
      const [sender, reader] = [house.connect("a"), house.connect("b")];
      await sender.send("work", say("old"));
      const texts: string[] = [];
      reader.consume("work", { name: "late", from: "now" }, (messages) => {
        texts.push(...messages.map(heard));
      });
      let count = 0;
      await until("something new", async () => {
        await sender.send("work", say(`new ${count++}`));
        return texts.length > 0;
      });
      expect(texts).not.toContain("old");
    });

    test("a handler that fails is handed the same again, and nothing is skipped", async () => {
      await using house = await open();
      const [sender, reader] = [house.connect("a"), house.connect("b")];
      const done: string[] = [];
      let failures = 2;
      reader.consume("work", { name: "ledger" }, (messages) => {
        if (failures-- > 0) throw new Error("the database is away");
        done.push(...messages.map(heard));
      });
      await insist(sender, "work", "1");
      await insist(sender, "work", "2");
      await until("both", () => done.length >= 2);
      expect(done).toEqual(["1", "2"]);
      const said = house.lines.filter((line) => line.includes("cannot deal with messages"));
      expect(said).toHaveLength(1);
      expect(house.lines.join()).toContain("messages are dealt with again");
    });

    test("what a process was handed and did not deal with goes to another", async () => {
      await using house = await open();
      const [sender, dying] = [house.connect("a"), house.connect("b")];
      const never = Promise.withResolvers<void>();
      let handed = 0;
      void dying.consume("work", { name: "ledger" }, (messages) => {
        handed += messages.length;
        return never.promise;
      });
      const sending = insist(sender, "work", "1");
      await until("it to be handed out", () => handed > 0);
      const closing = dying.close();
      const { texts } = consume(house.connect("c"), "work", "ledger");
      // The one that was handed it holds it no more, although it never returned.
      never.reject(new Error("killed"));
      await closing;
      await until("the other", () => texts.length > 0);
      await sending;
      expect(texts).toEqual(["1"]);
    });

    test("several who share a name share the work", async () => {
      await using house = await open();
      const [sender, one, two] = [house.connect("a"), house.connect("b"), house.connect("c")];
      const [first, second] = [consume(one, "work", "pool"), consume(two, "work", "pool")];
      const texts = Array.from({ length: 50 }, (_, index) => String(index));
      await Promise.all(texts.map((text) => sender.send("work", say(text))));
      const all = () => [...first.texts, ...second.texts].sort();
      await until("all of it", () => all().length >= 50);
      expect(all()).toEqual(texts.sort());
    });

    test("presence lives until its time is over, and as long as it is put again", async () => {
      await using house = await open();
      const [one, two] = [house.connect("one"), house.connect("two")];
      await one.presence(SET).put(
        new Map([
          ["ann", "arena"],
          ["bob", "space"],
          ["cid", "arena"],
        ]),
      );
      await one.presence(SET).remove(["cid"]);
      expect(await two.presence(SET).list()).toEqual(
        new Map([
          ["ann", "arena"],
          ["bob", "space"],
        ]),
      );
      await until("the end of bob", async () => {
        await one.presence(SET).put(new Map([["ann", "blocks"]]));
        return !(await two.presence(SET).list()).has("bob");
      });
      expect(await two.presence(SET).list()).toEqual(new Map([["ann", "blocks"]]));
      await until("the end of ann", async () => (await two.presence(SET).list()).size === 0);
    });

    test("a broker that dies is missed, and all goes on when it is back", async () => {
      await using house = await open();
      const [sender, reader] = [house.connect("a"), house.connect("b")];
      const { texts } = consume(reader, "work", "ledger");
      const news = listen(reader, "news");
      await insist(sender, "work", "1");
      await until("the first", () => texts.length === 1);
      await house.kill();
      await until("it to be missed", () => !sender.connected && !reader.connected);
      expect(sender.trouble).toMatch(/^the bus \((redis|http|nats):\/\/127[^)]+\) is away: /);
      const refused = sender.send("work", say("2"), { id: "id-of-2" });
      await expect(refused).rejects.toThrow(/^cannot send to work: .*is away: .*with the same id$/);
      sender.publish("news", say("waits"));
      const sending = insist(sender, "work", "2");
      await house.restart();
      await sending;
      await insist(sender, "work", "3");
      await until("the rest", () => texts.length >= 3);
      // What was on its way to a connection that is lost may come after what came later.
      expect(texts.toSorted()).toEqual(["1", "2", "3"]);
      await connected(sender, reader);
      expect(sender.trouble).toBeUndefined();
      await until("news", () => {
        sender.publish("news", say("again"));
        return news.includes("again");
      });
      const away = house.lines.filter((line) => line.includes("broker is away"));
      expect(away).toHaveLength(2);
      expect(house.lines.filter((line) => line.includes("broker is back"))).toHaveLength(2);
    });

    test("a broker that was away at the start is found when it comes", async () => {
      await using house = await open();
      await house.kill();
      const bus = house.connect("early");
      const { texts } = consume(bus, "work", "ledger");
      bus.publish("news", say("waits"));
      await until("it to be missed", () => house.lines.length > 0);
      expect(bus.connected).toBe(false);
      await house.restart();
      await insist(bus, "work", "1");
      await until("the message", () => texts.length > 0);
    });

    test("a broker that lost everything is filled again, and nobody stands still", async () => {
      await using house = await open();
      const [sender, reader] = [house.connect("a"), house.connect("b")];
      const { texts } = consume(reader, "work", "ledger");
      await insist(sender, "work", "1");
      await until("the first", () => texts.length === 1);
      await sender.presence(SET).put(new Map([["ann", "arena"]]));
      await house.flush();
      await insist(sender, "work", "2");
      await until("the second", () => texts.includes("2"));
      await until("presence", () =>
        sender
          .presence(SET)
          .put(new Map([["ann", "arena"]]))
          .then(
            () => true,
            () => false,
          ),
      );
      expect([...(await reader.presence(SET).list()).keys()]).toEqual(["ann"]);
    });

    test("a broker that stands still is missed, calls end, and all goes on after", async () => {
      await using house = await open();
      if (house.freeze === undefined) return; // It lives in the process that would wait for it.
      const [sender, reader] = [house.connect("a"), house.connect("b")];
      const { texts } = consume(reader, "work", "ledger");
      await insist(sender, "work", "1");
      await until("the first", () => texts.length === 1);
      house.freeze();
      await expect(sender.send("work", say("2"), { id: "id-of-2" })).rejects.toThrow("cannot send");
      await expect(sender.presence(SET).list()).rejects.toThrow();
      await until("it to be missed", () => !sender.connected && !reader.connected);
      expect(sender.trouble).toContain("no answer within");
      const sending = insist(sender, "work", "2");
      house.thaw();
      await sending;
      await insist(sender, "work", "3");
      await until("the rest", () => texts.length >= 3);
      // What was on its way to a connection that is lost may come after what came later.
      expect(texts.toSorted()).toEqual(["1", "2", "3"]);
    });

    test("what waits for a broker has a bound, where the least important goes", async () => {
      await using house = await open();
      const bus = house.connect("a");
      await connected(bus);
      await house.kill();
      await until("it to be missed", () => !bus.connected);
      const lost = () => ["small", "great"].map((topic) => bus.figures.of(topic).dropped);
      for (let count = 0; count < 900; count++) bus.publish("small", say("x"), { priority: 2 });
      for (let count = 0; count < 600; count++) bus.publish("great", say("x"), { priority: 7 });
      expect(lost()).toEqual([500, 0]);
      expect(house.lines.join()).not.toContain("of high priority are lost");
      for (let count = 0; count < 401; count++) bus.publish("great", say("x"), { priority: 7 });
      expect(lost()).toEqual([900, 1]);
      expect(house.lines.join()).toContain("messages of high priority are lost");
    });

    test("what is too large, or has no name or priority, is refused", async () => {
      await using house = await open();
      const bus = house.connect("a");
      const large = say("x".repeat(600_000));
      expect(() => bus.publish("news", large)).toThrow(/at most are 524288, so split it/);
      await expect(bus.send("news", large)).rejects.toThrow("at most are 524288");
      expect(() => bus.publish("two words", say("x"))).toThrow("allowed are a-z, 0-9 and dashes");
      expect(() => bus.publish("news", say("x"), { priority: 10 })).toThrow("from 0 to 9");
    });
  });
}

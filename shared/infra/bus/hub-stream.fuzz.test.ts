// Messages come, some twice; readers come under three names, are handed some, deal with them, keep
// them, forget them, or go. Held against a list of what was sent: each name has dealt with every
// message once all is quiet, nobody is handed what its name has dealt with, what is new comes in
// order, and no sender is told before all who are there are done. Repeat one seed with:
//
//   bun test shared/infra/bus/hub-stream.fuzz.test.ts -t "seed 5$"
import { expect, test } from "bun:test";
import { createRandom, type Random } from "#shared/sim/index.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { type Entry, RETENTION, type Reader } from "./broker-connection.ts";
import { HubStream } from "./hub-stream.ts";

const SEEDS = 200;
const STEPS = 300;
const STALE_MS = 1_000;
const NAMES = ["ledger", "archive", "mirror"];

interface Member {
  readonly name: string;
  readonly reader: Reader;
  /** Handed out and not dealt with. */
  hand: Entry[];
}

test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))("seed %d", async (seed) => {
  const hunt = new Hunt(createRandom(seed));
  for (let step = 0; step < STEPS; step++) await hunt.step();
  await hunt.settle();
  hunt.judge();
});

class Hunt {
  readonly #random: Random;
  readonly #clock = new FakeClock();
  readonly #stream = new HubStream(this.#clock, { ...RETENTION, staleMs: STALE_MS });
  #members: Member[] = [];
  readonly #sent: string[] = [];
  /** Whose sender was told. */
  readonly #told = new Set<string>();
  /** By name: what it has dealt with, and what it was handed first, in that order. */
  readonly #done = new Map(NAMES.map((name) => [name, new Set<string>()]));
  readonly #first = new Map(NAMES.map((name) => [name, [] as string[]]));

  constructor(random: Random) {
    this.#random = random;
    // From the start, so that each name is to have everything.
    for (const name of NAMES) this.#join(name);
  }

  async step(): Promise<void> {
    const kind = this.#random.below(10);
    const member = this.#members[this.#random.below(Math.max(1, this.#members.length))];
    if (kind < 3) this.#send();
    else if (kind < 4) this.#join(NAMES[this.#random.below(NAMES.length)] ?? "");
    else if (kind < 5) this.#clock.advance(this.#random.below(STALE_MS));
    else if (member === undefined) return;
    else if (kind < 6) await this.#leave(member);
    else if (kind < 8) await this.#take(member);
    else if (kind < 9) await member.reader.keep(member.hand);
    else await this.#deal(member, this.#random.below(member.hand.length + 1));
    await this.#checkTold();
  }

  /** Somebody of each name deals with all that is there. */
  async settle(): Promise<void> {
    for (const name of NAMES) this.#join(name);
    for (let round = 0; round < 3; round++) {
      this.#clock.advance(STALE_MS);
      for (const member of this.#members) {
        while (await this.#take(member)) await this.#deal(member, member.hand.length);
        await this.#deal(member, member.hand.length);
      }
    }
    await this.#checkTold();
  }

  judge(): void {
    for (const name of NAMES) {
      expect([...(this.#done.get(name) ?? [])].toSorted()).toEqual(this.#sent.toSorted());
      expect(this.#first.get(name)).toEqual(this.#sent);
    }
    expect([...this.#told].toSorted()).toEqual(this.#sent.toSorted());
  }

  #send(): void {
    const isAgain = this.#sent.length > 0 && this.#random.below(4) === 0;
    const known = this.#sent[this.#random.below(Math.max(1, this.#sent.length))];
    const id = isAgain && known !== undefined ? known : `message ${this.#sent.length}`;
    if (id !== known || !isAgain) this.#sent.push(id);
    void this.#stream.add(id, new TextEncoder().encode(id)).then(() => this.#told.add(id));
  }

  #join(name: string): void {
    this.#members.push({ name, reader: this.#stream.open(name, "start"), hand: [] });
  }

  async #leave(member: Member): Promise<void> {
    this.#members = this.#members.filter((other) => other !== member);
    await member.reader.close();
  }

  /** Whether it was handed something. */
  async #take(member: Member): Promise<boolean> {
    const taking = member.reader.next(1 + this.#random.below(5));
    // It may wait for something to come; nothing does.
    let isOver = false;
    void taking.then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 5 && !isOver; turn++) await Promise.resolve();
    if (!isOver) this.#clock.advance(STALE_MS);
    const entries = await taking;
    for (const entry of entries) this.#checkHanded(member, entry);
    member.hand.push(...entries);
    return entries.length > 0;
  }

  #checkHanded({ name }: Member, { bytes, redelivered }: Entry): void {
    const id = new TextDecoder().decode(bytes);
    expect(this.#done.get(name)?.has(id)).toBe(false);
    if (!redelivered) this.#first.get(name)?.push(id);
    else expect(this.#first.get(name)).toContain(id);
  }

  async #deal(member: Member, count: number): Promise<void> {
    const dealt = member.hand.splice(0, count);
    for (const { bytes } of dealt) {
      this.#done.get(member.name)?.add(new TextDecoder().decode(bytes));
    }
    await member.reader.acknowledge(dealt);
  }

  /** Who is told now had nobody there who was not done. */
  async #checkTold(): Promise<void> {
    const before = new Set(this.#told);
    await new Promise(setImmediate);
    const present = new Set(this.#members.map(({ name }) => name));
    for (const id of this.#told) {
      if (before.has(id)) continue;
      for (const name of present)
        expect([id, name, this.#done.get(name)?.has(id)]).toEqual([id, name, true]);
    }
  }
}

import { expect, test } from "bun:test";
import { emptyRect } from "../../loop/interest.ts";
import { connectionOfSend, countSends, Publication } from "../../loop/publication.ts";
import { allocateSlots, SlotsReader, SlotsWriter } from "./publication-slots.ts";

function setUp(sendsMax = 8) {
  const memory = allocateSlots({ columns: 2, cells: 4, keyframeBytes: 0, sendsMax });
  return { writer: new SlotsWriter(memory), reader: new SlotsReader(memory) };
}

function publicationOf(tick: number, connections: readonly number[]): Publication {
  const publication = new Publication({ columns: 2, rows: 2 });
  publication.reset(tick);
  for (const connection of connections) {
    publication.begin(connection, 1, emptyRect());
    publication.writer.uint32(1, connection);
    publication.end(emptyRect());
  }
  publication.finish();
  return publication;
}

const everyone = () => true;

test("a publication arrives as it was, and only what is the gateway's own", () => {
  const { writer, reader } = setUp();
  const publication = publicationOf(7, [3, 4, 4_000_000_005]);
  expect(writer.write(publication, (connection) => connection !== 4)).toBe(true);
  const view = reader.peek();
  if (view === undefined) throw new Error("cannot test: nothing arrived");
  expect([view.tick, view.columns, countSends(view)]).toEqual([7, 2, 2]);
  expect([connectionOfSend(view, 0), connectionOfSend(view, 1)]).toEqual([3, 4_000_000_005]);
  expect([...view.bytes]).toEqual([...publication.bytes]);
  expect([...view.spans]).toEqual([...publication.spans]);
});

test("when all slots are taken nothing is written until one is given back", () => {
  const { writer, reader } = setUp();
  const writes = [1, 2, 3, 4, 5].map((tick) => writer.write(publicationOf(tick, [1]), everyone));
  expect(writes).toEqual([true, true, true, true, false]);
  expect([writer.hasRoom, writer.unfinished]).toEqual([false, 4]);
  expect(reader.peek()?.tick).toBe(1);
  reader.finish();
  expect(writer.write(publicationOf(6, [1]), everyone)).toBe(true);
  const ticks: (number | undefined)[] = [];
  for (let view = reader.peek(); view !== undefined; view = reader.peek()) {
    ticks.push(view.tick);
    reader.finish();
  }
  expect(ticks).toEqual([2, 3, 4, 6]);
});

test("a publication that concerns nobody here takes no slot", () => {
  const { writer, reader } = setUp();
  expect(writer.write(publicationOf(1, [1]), () => false)).toBe(true);
  expect(reader.peek()).toBeUndefined();
});

test("more clients than there is room for are refused as a whole", () => {
  const { writer, reader } = setUp(2);
  expect(writer.write(publicationOf(1, [1, 2, 3]), everyone)).toBe(false);
  expect(reader.peek()).toBeUndefined();
});

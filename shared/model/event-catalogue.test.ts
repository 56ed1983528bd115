import { expect, test } from "bun:test";
import { DomainEventSchema } from "#proto/events_pb.ts";
import { caseOfEventType, listEventTypes, typesSeenBy } from "./event-catalogue.ts";

test("the catalogue and the messages of events.proto are the same list", () => {
  const fields = DomainEventSchema.oneofs.flatMap(({ fields }) =>
    fields.map(({ localName }) => localName),
  );
  const cases = ["custom", ...listEventTypes().map(caseOfEventType)];
  expect(cases.sort()).toEqual(fields.sort());
});

test("what everyone may see holds nothing about logins", () => {
  expect(typesSeenBy(["everyone"]).filter((type) => /log|banned|lease/.test(type))).toEqual([]);
});

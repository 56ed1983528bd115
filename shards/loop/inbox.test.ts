import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { InputSchema } from "#proto/frame_pb.ts";
import { Inbox } from "./inbox.ts";

const command = (connection: number) =>
  ({ kind: "command", connection, message: create(InputSchema, {}) }) as const;

test("messages come out once, in order", () => {
  const inbox = new Inbox();
  inbox.push(command(1));
  inbox.push({ kind: "leave", connection: 2 });
  expect(inbox.take().map(({ kind }) => kind)).toEqual(["command", "leave"]);
  expect(inbox.take()).toEqual([]);
});

test("at its bound commands are dropped and counted, comings and goings are kept", () => {
  const inbox = new Inbox(2);
  inbox.push(command(1));
  inbox.push(command(1));
  inbox.push(command(1));
  inbox.push({ kind: "lost", connection: 1 });
  expect(inbox.droppedTotal).toBe(1);
  expect(inbox.take().map(({ kind }) => kind)).toEqual(["command", "command", "lost"]);
});

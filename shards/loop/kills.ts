import { createHash } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { BusMessageSchema } from "#proto/bus_pb.ts";
import { TOPIC_KILLS } from "#shared/infra/bus/bus.ts";
import type { WorldEffects } from "../world/world-effects.ts";
import type { OutboxMessage } from "./messages.ts";
import { isVisitor } from "./visitors.ts";

const PRIORITY = 7;

/**
 * What the bus is told of a tick's kills among players with an account. Their ids follow from place
 * and time, so that whoever makes them again makes the same; the epoch is for who delivers them.
 */
export function tellKills(
  kills: WorldEffects["kills"],
  { shardKey, tick, wallMs }: { shardKey: string; tick: number; wallMs: number },
): OutboxMessage[] {
  return kills.flatMap(({ killerId, victimId }, index) => {
    if (isVisitor(killerId) || isVisitor(victimId)) return [];
    const id = makeId(`${shardKey} kill ${tick} ${index}`);
    const value = { shardKey, tick, killerId, victimId };
    const message = create(BusMessageSchema, {
      id,
      topic: TOPIC_KILLS,
      source: shardKey,
      timeMs: BigInt(Math.trunc(wallMs)),
      payload: { case: "playerKilled", value },
      priority: PRIORITY,
    });
    return [{ id, topic: TOPIC_KILLS, message: toBinary(BusMessageSchema, message) }];
  });
}

/** A UUID of version 8 (RFC 9562 §5.8) that follows from a text. */
function makeId(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [0, 8, 12, 16, 20]
    .map((start, index, starts) => hex.slice(start, starts[index + 1] ?? 32))
    .join("-");
}

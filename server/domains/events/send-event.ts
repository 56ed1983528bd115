import { eq } from "drizzle-orm";
import { events } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { SendEventInput, SentEvent } from "#shared/model/events.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { normaliseEventData } from "./event-row.ts";
import { prepareEvent } from "./prepare-event.ts";

/** Writes an event by hand; it goes every way that others go: log, bus, webhooks, followers. */
export async function sendEvent(
  deps: ServerDeps,
  actor: Actor,
  input: SendEventInput,
): Promise<SentEvent> {
  const { type, region, worldId, playerId } = input;
  const id = crypto.randomUUID();
  const statement = prepareEvent(deps, {
    ...{ id, type, region, worldId, playerId },
    data: normalise(input),
    source: "admin",
    correlationId: id,
    metadata: { sentBy: actor.playerId },
  });
  const { orm } = deps.database;
  const [, [row]] = await orm.batch([
    statement,
    orm.select({ number: events.number }).from(events).where(eq(events.id, id)),
  ]);
  deps.feed.wake();
  return { id, cursor: String(row?.number) };
}

function normalise({ type, data }: SendEventInput) {
  try {
    return normaliseEventData(type, data);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `cannot send ${type}: its data is not what events.proto says (${why})`;
    throw new AppError("INVALID_INPUT", message, { cause });
  }
}

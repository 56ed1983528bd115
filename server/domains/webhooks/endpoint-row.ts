import { eq } from "drizzle-orm";
import { z } from "zod";
import { webhookEndpoints } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Webhook } from "#shared/model/webhooks.ts";
import type { ControlDatabase } from "../../deps.ts";

export type EndpointRow = typeof webhookEndpoints.$inferSelect;

const Types = z.array(z.string());

/** The endpoint, or NOT_FOUND. */
export async function findEndpoint(
  { orm }: ControlDatabase,
  webhookId: string,
): Promise<EndpointRow> {
  const isIt = eq(webhookEndpoints.id, webhookId);
  const [row] = await orm.select().from(webhookEndpoints).where(isIt);
  if (row !== undefined) return row;
  throw new AppError("NOT_FOUND", `cannot find webhook ${webhookId}: there is none`);
}

/** The types that an endpoint wants. */
export function readEventTypes(row: Pick<EndpointRow, "eventTypes">): string[] {
  return Types.parse(JSON.parse(row.eventTypes));
}

/** What may be shown of a row: not its secrets. */
export function toWebhook(row: EndpointRow): Webhook {
  const { id, url, description, disabledReason, succeededAtMs } = row;
  return {
    ...{ id, url, description, disabledReason },
    eventTypes: readEventTypes(row),
    enabled: row.disabledAtMs === null,
    lastSuccessAt: succeededAtMs === null ? null : new Date(succeededAtMs).toISOString(),
    createdAt: new Date(row.createdAtMs).toISOString(),
  };
}

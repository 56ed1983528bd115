import { lt } from "drizzle-orm";
import { z } from "zod";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { webhookReceipts } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import { CUSTOM_PREFIX } from "#shared/model/event-catalogue.ts";
import { EventType } from "#shared/model/events.ts";
import type { ServerDeps } from "../../deps.ts";
import { prepareEvent } from "../events/index.ts";
import { isSignedBy } from "./sign-webhook.ts";

/** Between the sender's clock and ours, either way. */
const TOLERANCE_MS = 5 * 60 * 1_000;

/** Only names of one's own: what Tessera tells of, nobody else does. */
const Message = z.object({
  type: EventType.refine((type) => type.startsWith(CUSTOM_PREFIX), "must be custom. and a name"),
  data: z.record(z.string(), z.json()).default({}),
});

export interface IncomingWebhook {
  readonly headers: Headers;
  readonly body: string;
}

type ReceiveDeps = Pick<ServerDeps, "database" | "clock" | "feed">;

/**
 * Takes in a webhook of Standard Webhooks and writes it into the event log as it says, once: the
 * same one again, by its sender or by somebody who overheard it, changes nothing.
 */
export async function receiveWebhook(
  deps: ReceiveDeps,
  secret: string,
  { headers, body }: IncomingWebhook,
): Promise<{ received: true; again: boolean }> {
  const nowMs = Math.trunc(deps.clock.wallMs());
  const id = assertGenuine(secret, { headers, body, nowMs });
  const { type, data } = readMessage(body);
  const { orm } = deps.database;
  try {
    await orm.batch([
      orm.delete(webhookReceipts).where(lt(webhookReceipts.receivedAtMs, nowMs - 2 * TOLERANCE_MS)),
      orm.insert(webhookReceipts).values({ id, receivedAtMs: nowMs }),
      prepareEvent(deps, {
        type,
        data: { dataJson: JSON.stringify(data) },
        source: "webhook",
        metadata: { webhookId: id },
      }),
    ]);
  } catch (error) {
    if (isConstraintError(error, "webhook_receipts")) return { received: true, again: true };
    throw error;
  }
  deps.feed.wake();
  return { received: true, again: false };
}

function assertGenuine(
  secret: string,
  { headers, body, nowMs }: IncomingWebhook & { readonly nowMs: number },
): string {
  const id = headers.get("webhook-id") ?? "";
  const seconds = headers.get("webhook-timestamp") ?? "";
  const signatures = headers.get("webhook-signature") ?? "";
  const atMs = Number(seconds) * 1_000;
  if (id === "" || id.length > 200 || !/^\d{1,12}$/.test(seconds) || signatures === "") {
    throw refuse("webhook-id, webhook-timestamp or webhook-signature is missing or malformed");
  }
  if (!isSignedBy(secret, { id, atMs, body }, signatures)) {
    throw refuse("no signature is that of its content by our secret");
  }
  if (Math.abs(nowMs - atMs) > TOLERANCE_MS) {
    throw refuse("its time is more than 5 minutes from ours; sign it anew, or set the clocks");
  }
  return id;
}

function refuse(why: string): AppError {
  return new AppError("UNAUTHORIZED", `cannot take the webhook: ${why}`);
}

function readMessage(body: string): z.infer<typeof Message> {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch (cause) {
    throw new AppError("INVALID_INPUT", "cannot take the webhook: it is not JSON", { cause });
  }
  const parsed = Message.safeParse(content);
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error);
  throw new AppError("INVALID_INPUT", `cannot take the webhook: ${why}`);
}

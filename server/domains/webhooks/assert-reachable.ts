import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../../deps.ts";
import { resolveWebhook, WebhookRefusal } from "./webhook-network.ts";

/** Refuses at once what every attempt would refuse. */
export async function assertReachable(
  { webhookNetwork }: Pick<ServerDeps, "webhookNetwork">,
  url: string,
): Promise<void> {
  try {
    await resolveWebhook(webhookNetwork, url);
  } catch (cause) {
    if (!(cause instanceof WebhookRefusal)) throw cause;
    throw new AppError("INVALID_INPUT", `cannot send webhooks there: ${cause.message}`, { cause });
  }
}

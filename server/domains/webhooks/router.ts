import {
  CreatedWebhook,
  CreateWebhookInput,
  DeletedWebhook,
  DeliveryList,
  ListDeliveriesInput,
  RotatedSecret,
  TestedWebhook,
  UpdateWebhookInput,
  Webhook,
  WebhookInput,
  WebhookList,
} from "#shared/model/webhooks.ts";
import { protectedRest } from "../../rest-route.ts";
import { adminProcedure, router } from "../../trpc.ts";
import { createWebhook } from "./create-webhook.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { findEndpoint, toWebhook } from "./endpoint-row.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { listWebhooks } from "./list-webhooks.ts";
import { rotateSecret } from "./rotate-secret.ts";
import { testWebhook } from "./test-webhook.ts";
import { updateWebhook } from "./update-webhook.ts";

/** Where events are sent to; events.types lists what can be. */
export const webhooksRouter = router({
  list: adminProcedure
    .meta(protectedRest("GET", "/webhooks", "All webhooks"))
    .output(WebhookList)
    .query(({ ctx }) => listWebhooks(ctx.deps)),
  get: adminProcedure
    .meta(protectedRest("GET", "/webhooks/{webhookId}", "One webhook"))
    .input(WebhookInput)
    .output(Webhook)
    .query(async ({ ctx, input }) =>
      toWebhook(await findEndpoint(ctx.deps.database, input.webhookId)),
    ),
  create: adminProcedure
    .meta(protectedRest("POST", "/webhooks", "Make a webhook; its secret is shown this once"))
    .input(CreateWebhookInput)
    .output(CreatedWebhook)
    .mutation(({ ctx, input }) => createWebhook(ctx.deps, ctx.actor, input)),
  update: adminProcedure
    .meta(protectedRest("PATCH", "/webhooks/{webhookId}", "Change a webhook, or enable it again"))
    .input(UpdateWebhookInput)
    .output(Webhook)
    .mutation(({ ctx, input }) => updateWebhook(ctx.deps, ctx.actor, input)),
  delete: adminProcedure
    .meta(protectedRest("DELETE", "/webhooks/{webhookId}", "Delete a webhook"))
    .input(WebhookInput)
    .output(DeletedWebhook)
    .mutation(({ ctx, input }) => deleteWebhook(ctx.deps, ctx.actor, input)),
  rotateSecret: adminProcedure
    .meta(protectedRest("POST", "/webhooks/{webhookId}/secret", "Change a webhook's secret"))
    .input(WebhookInput)
    .output(RotatedSecret)
    .mutation(({ ctx, input }) => rotateSecret(ctx.deps, ctx.actor, input)),
  test: adminProcedure
    .meta(protectedRest("POST", "/webhooks/{webhookId}/test", "Send webhook.test to a webhook"))
    .input(WebhookInput)
    .output(TestedWebhook)
    .mutation(({ ctx, input }) => testWebhook(ctx.deps, input)),
  deliveries: adminProcedure
    .meta(protectedRest("GET", "/webhooks/{webhookId}/deliveries", "What was sent, and how"))
    .input(ListDeliveriesInput)
    .output(DeliveryList)
    .query(({ ctx, input }) => listDeliveries(ctx.deps, input)),
});

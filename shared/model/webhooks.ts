/** Webhooks: where events are sent to, and how that went. */
import { z } from "zod";
import { EventCursor, EventType } from "./events.ts";

/** Endpoints of a deployment; one more is refused. */
export const WEBHOOKS_LENGTH_MAX = 100;
/** After its secret was changed, an endpoint is signed with the old one too for so long. */
export const SECRET_OVERLAP_HOURS = 24;

const URL_LENGTH_MAX = 2_000;

const WebhookUrl = z
  .url({ protocol: /^https?$/, error: "must be an address that starts with https://" })
  .max(URL_LENGTH_MAX)
  .meta({ examples: ["https://hooks.example.com/tessera"] });

const EventTypes = z
  .array(z.union([z.literal("*"), EventType]))
  .min(1, "must name at least one type, or *")
  .max(64)
  .meta({ description: "Types of events.types, custom.NAME, or * for all" });

const Description = z.string().max(200);
const WebhookId = z.uuid();

/** An endpoint; its secret is shown once, when it is made. */
export const Webhook = z
  .object({
    id: WebhookId,
    url: z.string(),
    description: z.string(),
    eventTypes: z.array(z.string()),
    enabled: z.boolean(),
    disabledReason: z.string().nullable(),
    lastSuccessAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Webhook" });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookList = z.object({ webhooks: z.array(Webhook) });
export type WebhookList = z.infer<typeof WebhookList>;

export const CreateWebhookInput = z.object({
  url: WebhookUrl,
  eventTypes: EventTypes,
  description: Description.default(""),
});
export type CreateWebhookInput = z.infer<typeof CreateWebhookInput>;

export const WebhookInput = z.object({ webhookId: WebhookId });
export type WebhookInput = z.infer<typeof WebhookInput>;

export const UpdateWebhookInput = z.object({
  webhookId: WebhookId,
  url: WebhookUrl.optional(),
  eventTypes: EventTypes.optional(),
  description: Description.optional(),
  enabled: z.boolean().optional().meta({ description: "true after what was wrong is mended" }),
});
export type UpdateWebhookInput = z.infer<typeof UpdateWebhookInput>;

/** Answer of webhooks.create. */
export const CreatedWebhook = z.object({
  webhook: Webhook,
  secret: z.string().meta({ description: "By which to verify; shown this once" }),
});
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;

/** Answer of webhooks.rotateSecret. */
export const RotatedSecret = z.object({
  secret: z.string().meta({ description: "Shown this once" }),
  previousUntil: z.iso.datetime().meta({ description: "Until then the old one signs too" }),
});
export type RotatedSecret = z.infer<typeof RotatedSecret>;

export const DeletedWebhook = z.object({ deleted: z.literal(true) });
export type DeletedWebhook = z.infer<typeof DeletedWebhook>;

/** Answer of webhooks.test: how it went is in webhooks.deliveries, under this event. */
export const TestedWebhook = z.object({ eventId: z.string() });
export type TestedWebhook = z.infer<typeof TestedWebhook>;

export const ListDeliveriesInput = z.object({
  webhookId: WebhookId,
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: EventCursor.optional(),
});
export type ListDeliveriesInput = z.infer<typeof ListDeliveriesInput>;

/** One event on its way to one endpoint. */
export const WebhookDelivery = z
  .object({
    cursor: z.string(),
    eventId: z.string(),
    eventType: z.string(),
    state: z.enum(["pending", "delivered", "failed"]),
    attempts: z.number().int(),
    createdAt: z.iso.datetime(),
    lastAttemptAt: z.iso.datetime().nullable(),
    nextAttemptAt: z.iso.datetime().nullable(),
    lastStatus: z.number().int().nullable().meta({ description: "HTTP status of the answer" }),
    lastError: z.string().nullable(),
    lastDurationMs: z.number().int().nullable(),
  })
  .meta({ id: "WebhookDelivery" });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** Answer of webhooks.deliveries, the newest first. */
export const DeliveryList = z.object({
  deliveries: z.array(WebhookDelivery),
  nextCursor: z.string().nullable(),
});
export type DeliveryList = z.infer<typeof DeliveryList>;

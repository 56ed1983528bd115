/** Events sent to other people's servers. */
export { receiveWebhook } from "./receive-webhook.ts";
export { lookUpHost, type WebhookNetwork } from "./webhook-network.ts";
export { webhookReceiver } from "./webhook-receiver.ts";
export { WebhookSender } from "./webhook-sender.ts";

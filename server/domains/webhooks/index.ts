/** Events sent to other people's servers. */
export { lookUpHost, type WebhookNetwork } from "./webhook-network.ts";
export { webhookReceiver } from "./webhook-receiver.ts";
export { WebhookSender } from "./webhook-sender.ts";

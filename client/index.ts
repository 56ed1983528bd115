/** The Tessera client: accounts, the typed API, and sessions in a world. Browsers, Bun and Deno. */

export { ActionError, type ActionProblem, type ActionReason } from "./sdk/action-error.ts";
export type { ApiClient } from "./sdk/api.ts";
export type * from "./sdk/blocks/blocks-session-types.ts";
export type * from "./sdk/chat-types.ts";
export type {
  Client,
  ClientOptions,
  ClientPlayer,
  KeyValueStorage,
  Sessions,
} from "./sdk/client-types.ts";
export { createClient } from "./sdk/create-client.ts";
export type * from "./sdk/session-types.ts";

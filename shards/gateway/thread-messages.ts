// What the loop's thread and a gateway's thread say to each other beside the link's memory: rare
// things that need an answer.
import type { GatewayInit } from "./gateway-unit.ts";
import type { HttpAnswer, HttpQuestion } from "./http-relay.ts";

export type ToGatewayThread =
  | { kind: "open"; init: GatewayInit }
  | { kind: "answer"; id: number; answer: HttpAnswer }
  | { kind: "goodbye" }
  | { kind: "close" };

export type FromGatewayThread =
  | { kind: "listening"; port: number }
  | { kind: "refused"; message: string; isTaken: boolean }
  | { kind: "ask"; id: number; question: HttpQuestion }
  | { kind: "saidGoodbye" }
  | { kind: "closed" };

/** Webhooks of others, at POST /webhooks; without a secret there is no such route. */
import { Elysia } from "elysia";
import type { ServerDeps } from "../deps.ts";
import { receiveWebhook } from "../domains/webhooks/index.ts";
import { toErrorResponse } from "../errors.ts";
import type { AddressLimit } from "./limit-address.ts";
import { boundBody } from "./read-body.ts";

/** The route, to be mounted on the app. */
export function createInboundWebhook(
  deps: ServerDeps,
  { secret, limit }: { readonly secret: string; readonly limit: AddressLimit },
) {
  return new Elysia().onBeforeHandle(limit).post(
    "/webhooks",
    async ({ request }) => {
      try {
        const { headers } = request;
        const body = await (await boundBody(request)).text();
        return Response.json(await receiveWebhook(deps, secret, { headers, body }));
      } catch (error) {
        return toErrorResponse(error);
      }
    },
    { parse: "none" },
  );
}

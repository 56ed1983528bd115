/** The HTTP side as one Elysia app; tests call its `handle`, main.ts gives it to Bun.serve. */
import type { AnyTRPCRouter } from "@trpc/server";
import { Elysia } from "elysia";
import type { Mode } from "#shared/infra/settings.ts";
import { AppError } from "#shared/model/errors.ts";
import { appRouter } from "./app-router.ts";
import type { ServerDeps } from "./deps.ts";
import { toErrorResponse } from "./errors.ts";
import { createAccountPage } from "./http/account-page.ts";
import type { AddressOf } from "./http/client-address.ts";
import { setCorsHeaders } from "./http/cors.ts";
import { createDocs } from "./http/docs.ts";
import { createHealth } from "./http/health.ts";
import { createInboundWebhook } from "./http/inbound-webhook.ts";
import { createJwks } from "./http/jwks.ts";
import { type AddressLimit, createAddressLimit } from "./http/limit-address.ts";
import { createOpenApi } from "./http/openapi.ts";
import { createOperations } from "./http/operations.ts";
import { createPlay } from "./http/play.ts";
import { createRest } from "./http/rest.ts";
import { setSecurityHeaders } from "./http/security-headers.ts";
import { createTrpc } from "./http/trpc-handler.ts";

export interface AppOptions {
  readonly mode: Mode;
  readonly allowedOrigins: readonly string[];
  readonly addressOf: AddressOf;
  /** HTML file of the demo; without it there is no /play. */
  readonly playEntry?: string;
  /** Only tests of the transports have another one. */
  readonly router?: AnyTRPCRouter;
  /** By which webhooks of others are verified; without it none is taken. */
  readonly inboundSecret?: string | undefined;
}

/** All routes. Hooks come first: they hold for what is mounted after them. */
export function createApp(deps: ServerDeps, options: AppOptions) {
  const { mode, allowedOrigins, addressOf, inboundSecret } = options;
  const limitPages = createAddressLimit(deps, addressOf, "page");
  const procedures = { addressOf, router: options.router ?? appRouter };
  // Headers go straight into the answer: through Elysia's `set` they would make it another one,
  // whose body is a stream, which costs several times what most procedures do.
  function finish(request: Request, response: Response): Response {
    const { headers } = response;
    setSecurityHeaders(headers);
    setCorsHeaders(headers, request.headers.get("origin"), { mode, allowedOrigins });
    return response;
  }
  // Otherwise Elysia looks for the path behind the 11th character, which a short host is not.
  const app = new Elysia({ handler: { standardHostname: false } })
    .onRequest(({ request }) => {
      if (request.method !== "OPTIONS") return undefined;
      return finish(request, new Response(null, { status: 204 }));
    })
    .onError(async ({ code, error, request }) => {
      if (code === "NOT_FOUND") {
        const answer =
          (await limitPages({ request })) ?? toErrorResponse(noSuchRoute(request, mode));
        return finish(request, answer);
      }
      if (!(error instanceof AppError)) deps.log.error("request failed", { error });
      return finish(request, toErrorResponse(error));
    })
    .onAfterHandle(({ request, response }) => {
      if (response instanceof Response) finish(request, response);
    })
    .use(createPages(deps, options, limitPages))
    .use(createTrpc(deps, procedures))
    .use(createRest(deps, procedures));
  if (inboundSecret !== undefined) {
    const limit = createAddressLimit(deps, addressOf, "webhook");
    app.use(createInboundWebhook(deps, { secret: inboundSecret, limit }));
  }
  return app;
}

/** What is no procedure. */
function createPages(deps: ServerDeps, { mode, playEntry }: AppOptions, limit: AddressLimit) {
  const pages = new Elysia()
    .onBeforeHandle(limit)
    .use(createHealth(deps, mode))
    .use(createOperations(deps))
    .use(createJwks(deps))
    .use(createOpenApi(deps, mode))
    .use(createAccountPage());
  if (mode !== "production") pages.use(createDocs());
  if (playEntry !== undefined) pages.use(createPlay({ entry: playEntry, mode, log: deps.log }).app);
  return pages;
}

function noSuchRoute(request: Request, mode: Mode): AppError {
  const { pathname } = new URL(request.url);
  return new AppError(
    "NOT_FOUND",
    `cannot ${request.method} ${pathname}: there is no such route` +
      (mode === "production" ? "" : "; /api/openapi.json lists them"),
  );
}

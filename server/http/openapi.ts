/** The OpenAPI document of the REST routes. */
import { Elysia } from "elysia";
import { generateOpenApiDocument, type OpenAPIObject } from "trpc-to-openapi";
import { hasBearer } from "#shared/infra/bearer.ts";
import type { Mode } from "#shared/infra/settings.ts";
import { APP_ERROR_CODES, APP_ERROR_KINDS, AppError } from "#shared/model/errors.ts";
import packageJson from "../../package.json" with { type: "json" };
import { appRouter } from "../app-router.ts";
import type { ServerDeps } from "../deps.ts";
import { toErrorResponse } from "../errors.ts";

const DESCRIPTION = [
  "The same procedures as at `/trpc`, for clients in any language. Get an access token from one of",
  "the `auth` routes and send it as `Authorization: Bearer …`; it lasts 15 minutes, the refresh",
  "token gets the next. Errors come as `{ error: { code, kind, message, issues? } }`.",
].join("\n");

/** Our own envelope; the generator would describe tRPC's. */
const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "kind", "message"],
      properties: {
        code: { type: "string", enum: [...APP_ERROR_CODES] },
        kind: {
          type: "string",
          enum: [...APP_ERROR_KINDS],
          description: "What a client goes by that does not know the code",
        },
        message: { type: "string", description: "What happened and what to do" },
        retryAfterSeconds: { type: "number", description: "When trying again makes sense" },
        issues: {
          type: "array",
          items: {
            type: "object",
            required: ["path", "message"],
            properties: {
              path: { type: "array", items: { type: ["string", "number"] } },
              message: { type: "string" },
            },
          },
        },
      },
    },
  },
};

/** `z.json()` holds itself, which generators of clients make types of that do not compile. */
const anyJson = { description: "Any JSON" };

/** The document, as OpenAPI 3.1. */
function createOpenApiDocument(): OpenAPIObject {
  const document = generateOpenApiDocument(appRouter, {
    title: "Tessera",
    description: DESCRIPTION,
    version: packageJson.version,
    baseUrl: "/api",
  });
  const schemas = document.components?.schemas ?? {};
  for (const name of Object.keys(schemas)) {
    if (name.startsWith("error.")) Object.assign(schemas, { [name]: errorSchema });
    if (name.startsWith("__schema")) Object.assign(schemas, { [name]: anyJson });
  }
  return document;
}

/**
 * The route, to be mounted on the app; the document is made when first asked for. In production
 * only who has the cluster secret gets it.
 */
export function createOpenApi(deps: ServerDeps, mode: Mode) {
  let document: OpenAPIObject | undefined;
  return new Elysia().get("/api/openapi.json", ({ request }) => {
    if (mode === "production" && !hasBearer(request, deps.clusterSecret)) {
      return toErrorResponse(
        new AppError(
          "UNAUTHORIZED",
          "cannot read the document: send the cluster secret as Authorization: Bearer …",
        ),
      );
    }
    document ??= createOpenApiDocument();
    return Response.json(document);
  });
}

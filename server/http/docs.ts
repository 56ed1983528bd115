/** The reference page at /docs: Swagger UI from the installed package, without a network. */
import { dirname, join } from "node:path";
import { Elysia } from "elysia";
import { CONTENT_POLICY_DOCS } from "./security-headers.ts";

const ASSETS = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"] as const;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Tessera API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="reference"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#reference",
  persistAuthorization: false,
  validatorUrl: null,
});
`;

/** The page and its files, to be mounted on the app. */
export function createDocs() {
  const folder = dirname(Bun.resolveSync("swagger-ui-dist/package.json", import.meta.dir));
  const app = new Elysia()
    .get("/docs", () => page(PAGE, "text/html; charset=utf-8"))
    .get("/docs/start.js", () => page(START, "text/javascript; charset=utf-8"));
  for (const asset of ASSETS) {
    app.get(`/docs/${asset}`, () => {
      const file = Bun.file(join(folder, asset));
      return new Response(file, { headers: { "cache-control": "public, max-age=3600" } });
    });
  }
  return app;
}

function page(content: string, type: string): Response {
  return new Response(content, {
    headers: { "content-type": type, "content-security-policy": CONTENT_POLICY_DOCS },
  });
}

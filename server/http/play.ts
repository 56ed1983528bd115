/** The demo page at /play: bundled once at start, served from memory. */
import { basename } from "node:path";
import { Elysia } from "elysia";
import type { Log } from "#shared/infra/log.ts";
import type { Mode } from "#shared/infra/settings.ts";
import { CONTENT_POLICY_PLAY } from "./security-headers.ts";

interface PlayFile {
  readonly content: Blob;
  readonly headers: Record<string, string>;
}

type PlayFiles = ReadonlyMap<string, PlayFile>;

export interface PlayOptions {
  /** The page's HTML file. */
  readonly entry: string;
  readonly mode: Mode;
  readonly log: Log;
}

const NOT_BUNDLED =
  "The demo page could not be bundled; the server's log says why. The API works.\n";

/** Starts bundling and returns the routes, to be mounted on the app. */
export function createPlay(options: PlayOptions) {
  let files: PlayFiles | undefined;
  const built = buildPage(options).then(
    (result) => {
      files = result;
      options.log.debug("demo page is bundled", { files: result.size });
    },
    (error: unknown) => {
      const problems = error instanceof AggregateError ? error.errors.map(String) : [];
      options.log.warning("cannot bundle the demo page", { entry: options.entry, error, problems });
    },
  );

  /** Who comes while the page is being bundled, which takes a second, waits for it. */
  async function serve(name: string): Promise<Response> {
    await built;
    if (files === undefined) return answerText(503, NOT_BUNDLED);
    const file = files.get(name);
    if (file === undefined) return answerText(404, "There is no such file; the page is /play.\n");
    return new Response(file.content, { headers: file.headers });
  }

  const app = new Elysia()
    .get("/", () => new Response(null, { status: 302, headers: { location: "/play" } }))
    .get("/play", () => serve("index.html"))
    .get("/play/*", ({ params }) => serve(params["*"]));
  return { app, built };
}

async function buildPage({ entry, mode }: PlayOptions): Promise<PlayFiles> {
  const result = await Bun.build({
    entrypoints: [entry],
    target: "browser",
    minify: true,
    sourcemap: mode === "production" ? "none" : "linked",
    publicPath: "/play/",
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
  });
  return new Map(
    result.outputs.map((output) => {
      const isPage = output.path.endsWith(".html");
      const name = isPage ? "index.html" : basename(output.path);
      const headers: Record<string, string> = {
        "content-type": output.type,
        // The other files carry a hash of their content in their name.
        "cache-control": isPage ? "no-cache" : "public, max-age=31536000, immutable",
      };
      if (isPage) headers["content-security-policy"] = CONTENT_POLICY_PLAY;
      return [name, { content: output, headers }];
    }),
  );
}

function answerText(status: number, text: string, more: Record<string, string> = {}): Response {
  const headers = { ...more, "content-type": "text/plain; charset=utf-8" };
  return new Response(text, { status, headers });
}

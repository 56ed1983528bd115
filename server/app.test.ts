import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { z } from "zod";
import { hasBearer } from "#shared/infra/bearer.ts";
import { createLog } from "#shared/infra/log.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { JSON_DEPTH_MAX } from "./http/json-depth.ts";
import { BODY_BYTES_MAX } from "./http/read-body.ts";
import { listRestRoutes } from "./http/rest.ts";
import { BATCH_CALLS_MAX } from "./http/trpc-handler.ts";
import { createTestServer, readError, TEST_CLUSTER_SECRET } from "./testing/test-server.ts";

describe("errors", () => {
  const refused: [string, { body?: unknown; headers?: Record<string, string> }, number, string][] =
    [
      ["no JSON", { body: "{" }, 400, "cannot read the body: it is not JSON"],
      ["an array", { body: [] }, 400, "cannot read the body: it must be a JSON object"],
      [
        "a form",
        { body: "a=1", headers: { "content-type": "text/plain" } },
        415,
        "cannot read the body: its content-type is text/plain; send application/json",
      ],
      [
        "a long body",
        { body: { displayName: "x".repeat(BODY_BYTES_MAX) } },
        413,
        "cannot read the body: it is longer than 65536 bytes",
      ],
      [
        "a wrong type",
        { body: { displayName: 7 } },
        400,
        "cannot accept the input: displayName Invalid input: expected string, received number",
      ],
    ];
  for (const [what, call, status, message] of refused) {
    test(`${what} is refused with ${status}`, async () => {
      await using server = await createTestServer();
      const answer = await server.call("POST", "/api/auth/guest", call);
      expect(answer.status).toBe(status);
      expect(readError(answer).message).toBe(message);
    });
  }

  test("an unknown route answers in the same envelope", async () => {
    await using server = await createTestServer();
    for (const path of ["/nope", "/api/nope", "/api/auth/guest"]) {
      const answer = await server.call("GET", path);
      expect(answer.status).toBe(404);
      expect(readError(answer).message).toStartWith(`cannot GET ${path}: there is no such route`);
    }
  });

  test("security 10: what nobody foresaw is logged and told without details", async () => {
    await using server = await createTestServer();
    server.deps.database.client.close();
    const rest = await server.call("GET", "/api/worlds");
    const trpc = await server.call("GET", "/trpc/worlds.list");
    expect(rest.status).toBe(500);
    expect(trpc.status).toBe(500);
    for (const { body } of [rest, trpc]) {
      const text = JSON.stringify(body);
      expect(text).toContain("cannot complete the request: the server failed");
      expect(text).not.toMatch(/select|stack|node_modules|closed/i);
    }
    expect(server.log.join("\n")).toContain("procedure failed");
  });

  test("security 10: tRPC errors carry the same code and no stack", async () => {
    await using server = await createTestServer();
    const answer = await server.call("GET", "/trpc/players.me");
    expect(answer.status).toBe(401);
    const shape = z.object({ error: z.object({ json: z.object({ data: z.looseObject({}) }) }) });
    const { data } = shape.parse(answer.body).error.json;
    expect(data).toEqual({
      code: "UNAUTHORIZED",
      httpStatus: 401,
      path: "players.me",
      appCode: "UNAUTHORIZED",
      kind: "AUTH_REQUIRED",
    });
  });
});

describe("bad input to tRPC", () => {
  const notes = "1".repeat(5_000);
  const bodies: [string, string, string][] = [
    ["no JSON", "{", "cannot read the input: it is not JSON"],
    ["no object", "null", "cannot read the input: it must be superjson"],
    ["notes that fit nothing", '{"json":{},"meta":{"referentialEqualities":{"x.y":["z.q"]}}}', ""],
    ["a prototype", '{"json":{},"meta":{"values":{"__proto__.x":["Date"]}}}', ""],
    ["endless notes", `{"json":{},"meta":{"values":{"a":["${notes}"]}}}`, "at most 4096"],
  ];
  for (const [what, body, message] of bodies) {
    test(`${what} is refused in our own words`, async () => {
      await using server = await createTestServer();
      const answer = await server.call("POST", "/trpc/auth.guest", { body });
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).toContain("cannot read the input");
      expect(JSON.stringify(answer.body)).toContain(message);
    });
  }

  test("a refusal of the whole request says that it is JSON", async () => {
    await using server = await createTestServer();
    const given = { body: "{}", headers: { "content-type": "text/plain" } };
    const answer = await server.call("POST", "/trpc/auth.guest", given);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([415, "application/json"]);
  });

  test("a stream's error has the code that clients go by, and they do not come back", async () => {
    await using server = await createTestServer();
    const input = encodeURIComponent('{"json":{"worldId":"nowhere"}}');
    const { body } = await server.call("GET", `/trpc/worlds.watchPopulation?input=${input}`);
    expect(body).toContain('"code":-32004,"data":{"code":"NOT_FOUND","httpStatus":404');
  });
});

test("a host's name may be as short as it likes", async () => {
  await using server = await createTestServer();
  const answer = await server.app.handle(new Request("http://x/api/worlds"));
  expect(answer.status).toBe(200);
});

describe("limits", () => {
  test("security 7: a batch of more calls than allowed is refused as a whole", async () => {
    await using server = await createTestServer();
    const batch = (calls: number) => {
      const names = Array(calls).fill("worlds.list").join(",");
      return server.call("GET", `/trpc/${names}?batch=1&input=${encodeURIComponent("{}")}`);
    };
    expect((await batch(BATCH_CALLS_MAX)).status).toBe(200);
    expect((await batch(BATCH_CALLS_MAX + 1)).status).toBe(400);
  });

  const deep = (levels: number) => `{"json":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  for (const [levels, refused] of [
    [JSON_DEPTH_MAX, false],
    [JSON_DEPTH_MAX + 1, true],
    [30_000, true],
  ] as const) {
    test(`${levels} levels of JSON are ${refused ? "refused" : "looked at"}`, async () => {
      await using server = await createTestServer();
      const told = "cannot read the input: it is nested more than 32 levels deep";
      const body = deep(levels);
      const answers = [
        await server.call("POST", "/trpc/auth.guest", { body }),
        await server.call("POST", "/api/auth/guest", { body }),
      ];
      if (levels < 1_000) {
        answers.push(
          await server.call("GET", `/trpc/worlds.get?input=${encodeURIComponent(body)}`),
        );
      }
      const strings = { body: `{"json":{"displayName":"${"[".repeat(40)}"}}` };
      answers.push(await server.call("POST", "/trpc/auth.refresh", strings));
      const last = answers.pop();
      expect(JSON.stringify(last?.body)).not.toContain(told);
      for (const { body: answer } of answers) {
        expect(JSON.stringify(answer).includes(told)).toBe(refused);
      }
    });
  }

  test("security 7: a body beyond 64 KB is refused without a declared length too", async () => {
    await using server = await createTestServer();
    const chunk = new Uint8Array(BODY_BYTES_MAX);
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(chunk);
      },
    });
    const request = new Request("http://server.test/trpc/auth.guest", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect((await server.app.handle(request)).status).toBe(413);
  });
});

describe("headers", () => {
  test("every answer tells browsers not to guess, frame or run anything", async () => {
    await using server = await createTestServer();
    for (const path of ["/health", "/api/worlds", "/trpc/worlds.list", "/nope", "/docs"]) {
      const { headers } = await server.call("GET", path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    }
  });

  const origins: [string, "development" | "production", boolean][] = [
    ["http://localhost:5173", "development", true],
    ["http://127.0.0.1:3000", "development", true],
    ["http://localhost.attacker.test", "development", false],
    ["https://attacker.test", "development", false],
    ["http://localhost:5173", "production", false],
    ["https://play.test", "production", true],
    ["https://play.test.attacker.test", "production", false],
  ];
  for (const [origin, mode, allowed] of origins) {
    test(`${origin} ${allowed ? "may" : "may not"} call in ${mode}`, async () => {
      await using server = await createTestServer({ mode, allowedOrigins: ["https://play.test"] });
      const headers = { origin };
      const expected = allowed ? origin : null;
      const preflight = await server.call("OPTIONS", "/trpc/worlds.list", { headers });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-origin")).toBe(expected);
      const answer = await server.call("GET", "/trpc/worlds.list", { headers });
      expect(answer.headers.get("access-control-allow-origin")).toBe(expected);
      expect(answer.headers.get("vary")).toContain("origin");
    });
  }
});

describe("operations", () => {
  test("health counts shards and players", async () => {
    await using server = await createTestServer();
    server.publishShard({ population: 5 });
    const { body } = await server.call("GET", "/health");
    expect(body).toEqual({ status: "ok", uptimeSeconds: 0, players: 5, shards: 1 });
  });

  test("ready until the database is away or the server stops", async () => {
    await using server = await createTestServer();
    expect((await server.call("GET", "/ready")).status).toBe(200);
    server.stopping.abort();
    const stopping = await server.call("GET", "/ready");
    expect([stopping.status, stopping.body]).toEqual([
      503,
      { status: "not ready", reason: "the server stops" },
    ]);
    await using other = await createTestServer();
    other.deps.database.client.close();
    const away = await other.call("GET", "/ready");
    expect(away.body).toEqual({
      status: "not ready",
      reason: "the control database does not answer",
    });
  });

  test("metrics tell requests, logins, joins and population", async () => {
    await using server = await createTestServer();
    server.publishShard({ population: 5 });
    const { accessToken: token } = await server.guest();
    await server.call("POST", "/api/worlds/arena/join", { token });
    await server.call("GET", "/api/players/me");
    const text = String((await server.call("GET", "/metrics")).body);
    for (const line of [
      'tessera_requests_seconds_count{process="server",procedure="auth.guest",code="OK"} 1',
      'tessera_request_errors_total{procedure="players.me",code="UNAUTHORIZED",process="server"} 1',
      'tessera_requests_in_flight{process="server"} 0',
      'tessera_logins_total{kind="guest",result="ok",process="server"} 1',
      'tessera_joins_total{world="arena",result="ok",process="server"} 1',
      'tessera_shards_online{process="server"} 1',
      'tessera_population{process="server"} 5',
    ]) {
      expect(text).toContain(line);
    }
  });

  test("a cluster secret may hold signs", () => {
    const headers = { authorization: "Bearer a!b@c#d$%" };
    expect(hasBearer(new Request("http://server.test", { headers }), "a!b@c#d$%")).toBe(true);
  });

  test("security 10: in production metrics and the reference want the cluster secret", async () => {
    await using server = await createTestServer({ mode: "production" });
    for (const path of ["/metrics", "/api/openapi.json", "/shards"]) {
      expect((await server.call("GET", path)).status).toBe(401);
      expect((await server.call("GET", path, { token: "x" })).status).toBe(401);
      const { accessToken } = await server.guest();
      expect((await server.call("GET", path, { token: accessToken })).status).toBe(401);
      const token = TEST_CLUSTER_SECRET;
      expect((await server.call("GET", path, { token })).status).toBe(200);
    }
    const pages = [
      "/docs",
      "/docs/start.js",
      "/docs/swagger-ui.css",
      "/console",
      "/console/players",
    ];
    for (const path of pages) {
      const answer = await server.call("GET", path);
      expect(answer.status).toBe(404);
      expect(readError(answer).message).toEndWith("there is no such route");
    }
  });

  test("security 10: in production a log line hides what is secret, and is one line", async () => {
    const lines: string[] = [];
    const log = createLog({
      process: "server",
      mode: "production",
      write: (line) => lines.push(line),
    });
    const jwt = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    log.error(`refused Bearer ${jwt}`, {
      password: "correct horse battery",
      refreshToken: "r-1",
      headers: { authorization: "Bearer abc", cookie: "a=b" },
      error: new Error(`no ${jwt}\nforged line`),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/correct horse|r-1|abc|a=b|eyJ/);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ password: "(hidden)" });
  });
});

describe("reference", () => {
  test("the document names every route with its errors and what needs a login", async () => {
    await using server = await createTestServer();
    const { body } = await server.call("GET", "/api/openapi.json");
    const Document = z.object({
      openapi: z.string(),
      servers: z.array(z.object({ url: z.string() })),
      paths: z.record(z.string(), z.record(z.string(), z.looseObject({}))),
      components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }),
    });
    const document = Document.parse(body);
    expect(document.openapi).toStartWith("3.1");
    expect(document.servers).toEqual([{ url: "/api" }]);
    const routes = new Set(listRestRoutes().map(({ route }) => route.path));
    expect(Object.keys(document.paths).sort()).toEqual([...routes].sort());
    expect(routes).toContain("/worlds/{worldId}/join");
    expect(document.paths["/players/me"]?.get?.security).toEqual([{ Authorization: [] }]);
    expect(document.paths["/worlds"]?.get?.security).toBeUndefined();
    expect(Object.keys(document.components.schemas)).toContain("Credentials");
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      if (name.startsWith("error.")) expect(schema.required).toEqual(["error"]);
    }
  });

  test("the page and its files come from this server alone", async () => {
    await using server = await createTestServer();
    const page = String((await server.call("GET", "/docs")).body);
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(files).toHaveLength(4);
    for (const file of files) {
      expect(file).toStartWith("/docs/");
      expect((await server.call("GET", file)).status).toBe(200);
    }
  });
});

describe("demo page", () => {
  async function writePage(folder: string, script: string): Promise<string> {
    const entry = join(folder, "index.html");
    await Bun.write(entry, '<!doctype html><script type="module" src="./demo.ts"></script>');
    await Bun.write(join(folder, "demo.ts"), script);
    return entry;
  }

  test("is bundled and served with its scripts", async () => {
    using folder = createTempDir();
    const playEntry = await writePage(folder.path, 'document.title = "the demo";');
    await using server = await createTestServer({ playEntry });
    const page = await server.call("GET", "/play");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    const [, script = ""] = /src="([^"]+)"/.exec(String(page.body)) ?? [];
    expect(script).toStartWith("/play/");
    const code = await server.call("GET", script);
    expect(String(code.body)).toContain("the demo");
    expect(code.headers.get("cache-control")).toContain("immutable");
    expect((await server.call("GET", "/")).headers.get("location")).toBe("/play");
    expect((await server.call("GET", "/play/../../etc/passwd")).status).toBe(404);
  });

  test("says so when it cannot be bundled, and the API works", async () => {
    using folder = createTempDir();
    const playEntry = await writePage(folder.path, 'import "./missing.ts";');
    await using server = await createTestServer({ playEntry });
    const answer = await server.call("GET", "/play");
    expect(answer.status).toBe(503);
    expect(String(answer.body)).toContain("could not be bundled");
    expect(server.log.join("\n")).toContain("missing.ts");
    expect((await server.call("GET", "/health")).status).toBe(200);
  });
});

// Garbage for procedures, over both transports and from every kind of caller, and what of an answer
// to it is a fault: whatever comes, the answer must be a refusal in our own words.
import fc from "fast-check";
import { z } from "zod";
import type { ListedProcedure } from "../unsafe.ts";
import { readCredentials, TEST_CLUSTER_SECRET, type TestServer } from "./test-server.ts";

/** A subscription that was let in would go on for ever: what comes within some turns is read. */
const CHUNKS_READ_MAX = 50;
const TURNS_WAITED_MAX = 20;
const TRACES =
  /\n\s+at |node_modules|\.ts:\d|SQLITE|LibsqlError|drizzle|Error:|select \\?"|insert into/;

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    ...["", " ", "\u0000", "\ud800", "\u202e", "a".repeat(5_000), "🐉".repeat(300), "__proto__"],
    ...["../../etc/passwd", "%00", "%", "' OR 1=1 --", "null", "-1", "1e999", "arena", "eu-west-1"],
    ...["arena:1:eu-west-1", "0190a0a0-0000-7000-8000-000000000001", "2026-01-01T00:00:00Z"],
    ...["ada", "correct horse battery", "constructor", "toString", "<script>"],
    ...[0, -0, -1, 1, 0.1, 1e308, -1e308, 2 ** 53, 2 ** 63, null, true, false],
    ...[[], {}, [[]], [null], { a: { b: {} } }, Array(200).fill(0)],
  ),
  fc.string({ unit: "binary" }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One request of a fuzz test. */
export interface GarbageRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Sends it; what is wrong with the answer, or nothing. */
export async function findFault(
  server: TestServer,
  garbage: GarbageRequest,
): Promise<string | undefined> {
  const { method, path, headers, body } = garbage;
  const request = new Request(`http://server.test${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body }),
  });
  const response = await server.app.handle(request);
  const text = await readStart(response);
  const shown = JSON.stringify({ ...garbage, status: response.status, text });
  const { status } = response;
  // 503 says that a world is offline, or that there is no mail server.
  if (status >= 500 && status !== 503) return `the server failed: ${shown}`;
  if (text.includes('"INTERNAL"')) return `the server failed in its stream: ${shown}`;
  if (TRACES.test(text)) return `the answer tells too much: ${shown}`;
  if (status >= 400 && !isJson(text)) return `the refusal is no JSON: ${shown}`;
  return undefined;
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

async function readStart(response: Response): Promise<string> {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    return await response.text();
  }
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let chunk = 0; chunk < CHUNKS_READ_MAX; chunk++) {
    const read = await Promise.race([reader?.read(), waitSomeTurns()]);
    if (read?.value === undefined) break;
    text += decoder.decode(read.value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

async function waitSomeTurns(): Promise<undefined> {
  for (let turn = 0; turn < TURNS_WAITED_MAX; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Nobody, a player, an administrator, a process of the deployment, and who is none of them. */
export async function logInAll(server: TestServer): Promise<readonly (string | undefined)[]> {
  const player = await server.guest("Ada");
  const body = { username: "ben", password: "correct horse battery" };
  const admin = readCredentials(await server.call("POST", "/api/auth/register", { body }));
  const { client } = server.deps.database;
  await client.execute({
    sql: "UPDATE players SET role = 'admin' WHERE id = ?",
    args: [admin.player.id],
  });
  return [undefined, player.accessToken, admin.accessToken, TEST_CLUSTER_SECRET, "eyJhbGciOi"];
}

/** Requests to a procedure with inputs that do not fit, and some that do. */
export function garbageFor(
  procedure: ListedProcedure,
  tokens: readonly (string | undefined)[],
): fc.Arbitrary<GarbageRequest> {
  const headers = fc.constantFrom(...tokens).map(authorize);
  const input = inputsFor(procedure);
  const overTrpc = fc
    .record({ headers, wrapped: wrap(input), batched: fc.boolean(), type: fc.constant(procedure) })
    .map(toTrpcRequest);
  const { openapi } = procedure.meta;
  if (openapi === undefined) return overTrpc;
  const overRest = fc
    .record({ headers, input, raw: fc.option(rawText, { freq: 8 }) })
    .map(({ headers, input, raw }) => {
      const given = typeof input === "object" && input !== null ? { ...input } : { input };
      const path = openapi.path.replace(/\{(\w+)\}/g, (_, name: string) =>
        encodeText(Object.hasOwn(given, name) ? Reflect.get(given, name) : "%ff"),
      );
      const bare = { method: openapi.method, path: `/api${path}`, headers };
      if (openapi.method !== "GET" && openapi.method !== "DELETE") {
        return { ...bare, body: raw ?? JSON.stringify(input) };
      }
      const query = Object.entries(given).map(([name, value]) => `${name}=${encodeText(value)}`);
      return { ...bare, path: `${bare.path}?${query.join("&").slice(0, 4_000)}` };
    });
  return fc.oneof(overTrpc, overRest);
}

/** The procedure's own fields with values that do not fit, some that do, and anything at all. */
function inputsFor({ input }: ListedProcedure): fc.Arbitrary<unknown> {
  const schema = input && z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  const names = Object.keys(schema?.properties ?? {});
  const fields = fc.record(Object.fromEntries(names.map((name) => [name, nasty])), {
    requiredKeys: [],
  });
  const extra = fc.tuple(fields, fc.dictionary(fc.string(), nasty, { maxKeys: 3 }));
  return fc.oneof(
    fields,
    extra.map(([known, unknown]) => ({ ...unknown, ...known })),
    nasty,
  );
}

const rawText = fc.constantFrom(
  "{",
  "null",
  "[]",
  '"',
  "{}{}",
  "\u0000",
  '{"a":1e999}',
  "[".repeat(9_000),
);

/** superjson's notes on types, right and wrong ones. */
function wrap(input: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const kind = fc.constantFrom("Date", "bigint", "regexp", "Error", "map", "set", "URL", "number");
  const values = fc.dictionary(fc.constantFrom("", "a", "worldId", "limit", "x.y"), fc.array(kind));
  const meta = fc.option(fc.record({ values: fc.oneof(values, fc.array(kind), nasty) }));
  return fc.oneof(
    rawText,
    fc
      .tuple(input, meta)
      .map(([json, notes]) => JSON.stringify(notes === null ? { json } : { json, meta: notes })),
  );
}

function toTrpcRequest(given: {
  headers: Record<string, string>;
  wrapped: string;
  batched: boolean;
  type: ListedProcedure;
}): GarbageRequest {
  const { headers, wrapped, batched, type } = given;
  const asked = batched ? `{"0":${wrapped}}` : wrapped;
  const path = `/trpc/${type.path}${batched ? "?batch=1" : ""}`;
  if (type.type === "mutation") return { method: "POST", path, headers, body: asked };
  const query = `input=${encodeText(asked.slice(0, 2_000))}`;
  return { method: "GET", path: `${path}${batched ? "&" : "?"}${query}`, headers };
}

function authorize(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function encodeText(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return encodeURIComponent(text.toWellFormed());
}

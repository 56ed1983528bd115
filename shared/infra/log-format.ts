// How a log line looks, and what never gets into one.

/** One thing to say, before it is text. */
export interface LogLine {
  readonly timeMs: number;
  readonly level: string;
  readonly process: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const HIDDEN = "(hidden)";
const DEPTH_MAX = 6;
const ITEMS_MAX = 100;
const CAUSES_MAX = 8;
const SECRET_NAME =
  /token|secret|password|passphrase|ticket|authorization|cookie|credential|private.?key|api.?key/i;
// Names that contain such a word but tell nothing: when it ends, how long it is.
const HARMLESS_NAME = /(ExpiresAt|Ms|Count|Length|Kind|Type)$/;
const HEADER_CREDENTIALS = /\b(bearer|basic)\s+[\w.~+/=-]+/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** `12:30:59.123 info    server  listening  url=http://…`, errors with their causes below. */
export function formatHuman(line: LogLine): string {
  const time = new Date(line.timeMs).toISOString().slice(11, 23);
  const errors: string[] = [];
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(line.fields)) {
    if (value === undefined) continue;
    const clean = redact(name, value, 0);
    if (value instanceof Error && clean !== HIDDEN) errors.push(describeError(value));
    else pairs.push(`${name}=${typeof clean === "string" ? quote(clean) : JSON.stringify(clean)}`);
  }
  const message = oneLine(hideCredentials(line.message));
  const head = [time, line.level.padEnd(7), line.process.padEnd(6), message, ...pairs].join(" ");
  return errors.length === 0 ? head : `${head}\n${errors.join("\n").replace(/^/gm, "  ")}`;
}

/** One JSON object on one line: time, level, process, message, then the fields. */
export function formatJson(line: LogLine): string {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(line.fields)) fields[name] = redact(name, value, 0);
  const { timeMs, level, process } = line;
  const message = hideCredentials(line.message);
  return JSON.stringify({
    time: new Date(timeMs).toISOString(),
    level,
    process,
    message,
    ...prefixTaken(fields),
  });
}

/** A field must not overwrite what the line itself says. */
function prefixTaken(fields: Record<string, unknown>): Record<string, unknown> {
  const taken = ["time", "level", "process", "message"].filter((name) => name in fields);
  for (const name of taken) {
    fields[`field.${name}`] = fields[name];
    delete fields[name];
  }
  return fields;
}

/** A JSON-ready copy of `value` without secrets, bounded in depth and width. */
function redact(name: string, value: unknown, depth: number): unknown {
  if (SECRET_NAME.test(name) && !HARMLESS_NAME.test(name) && value != null) return HIDDEN;
  if (typeof value === "string") return hideCredentials(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return serializeError(value, 0);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (depth >= DEPTH_MAX) return "(deeper)";
  if (value instanceof Map || value instanceof Set) return redact(name, [...value], depth);
  if (Array.isArray(value)) {
    return value.slice(0, ITEMS_MAX).map((item) => redact("", item, depth + 1));
  }
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value).slice(0, ITEMS_MAX)) {
    copy[key] = redact(key, inner, depth + 1);
  }
  return copy;
}

function serializeError(error: Error, causes: number): Record<string, unknown> {
  const code = "code" in error ? { code: redact("code", error.code, DEPTH_MAX) } : {};
  const cause =
    error.cause instanceof Error && causes < CAUSES_MAX
      ? { cause: serializeError(error.cause, causes + 1) }
      : {};
  const { name } = error;
  const message = hideCredentials(error.message);
  return { name, message, ...code, stack: hideCredentials(error.stack ?? ""), ...cause };
}

function describeError(error: Error): string {
  const lines: string[] = [];
  let current: unknown = error;
  for (let causes = 0; causes <= CAUSES_MAX && current instanceof Error; causes += 1) {
    const stack = (current.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
    lines.push(`${causes === 0 ? "" : "because of "}${current.name}: ${current.message}`, ...stack);
    current = current.cause;
  }
  return hideCredentials(lines.join("\n"));
}

function hideCredentials(text: string): string {
  return text.replace(HEADER_CREDENTIALS, `$1 ${HIDDEN}`).replace(JSON_WEB_TOKEN, HIDDEN);
}

function quote(text: string): string {
  return text === "" || /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}

/** Text from outside cannot forge a second line. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

import { AppError } from "#shared/model/errors.ts";
import { checkJsonDepth } from "./json-depth.ts";

/** Longest body of a request; a longer one is refused with TOO_LARGE. */
export const BODY_BYTES_MAX = 64 * 1024;

/** The request with its body read, so that nobody behind can be made to read without end. */
export async function boundBody(request: Request): Promise<Request> {
  if (request.body === null) return request;
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > BODY_BYTES_MAX) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  checkJsonDepth(body);
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body });
}

/** The JSON object in the body; an empty body is an empty object. */
export async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
  const text = await (await boundBody(request)).text();
  if (text === "") return {};
  const type = request.headers.get("content-type") ?? "none";
  if (!/^application\/json\b/i.test(type)) {
    throw new AppError(
      "MEDIA_TYPE_UNSUPPORTED",
      `cannot read the body: its content-type is ${type}; send application/json`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new AppError("INVALID_INPUT", "cannot read the body: it is not JSON", { cause });
  }
  if (typeof content === "object" && content !== null && !Array.isArray(content)) {
    return { ...content };
  }
  throw new AppError("INVALID_INPUT", "cannot read the body: it must be a JSON object");
}

function tooLarge(): AppError {
  return new AppError(
    "TOO_LARGE",
    `cannot read the body: it is longer than ${BODY_BYTES_MAX} bytes`,
  );
}

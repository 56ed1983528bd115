import type { Clock } from "#shared/time/clock.ts";

/** A request on the shard's port that is no game socket's. */
export interface HttpQuestion {
  path: string;
  authorization: string | undefined;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** So many questions may wait for the loop's thread; further ones are answered 503. */
const OPEN_MAX = 8;
/** An answer serves everyone who asks the same within this time. */
const FRESH_MS = 250;

/** What the shard answers on its port. */
export const SHARD_PATHS: readonly string[] = ["/health", "/ready", "/metrics"];

/**
 * Answers HTTP at a gateway by asking the loop's thread, so seldom that no flood of requests
 * reaches a tick.
 */
export function createHttpRelay(
  clock: Clock,
  ask: (question: HttpQuestion) => Promise<HttpAnswer>,
): (request: Request) => Promise<Response> {
  const answers = new Map<string, { answer: Promise<HttpAnswer>; askedMs: number }>();

  return async (request) => {
    const path = new URL(request.url).pathname;
    if (!SHARD_PATHS.includes(path)) return new Response("not found", { status: 404 });
    const authorization = request.headers.get("authorization") ?? undefined;
    const key = `${path} ${authorization ?? ""}`;
    const nowMs = clock.monotonicMs();
    forgetOld(nowMs);
    let known = answers.get(key);
    if (known === undefined) {
      if (answers.size >= OPEN_MAX) return new Response("too many requests", { status: 503 });
      known = { answer: ask({ path, authorization }), askedMs: nowMs };
      answers.set(key, known);
    }
    const { status, contentType, body } = await known.answer;
    return new Response(body, { status, headers: { "content-type": contentType } });
  };

  function forgetOld(nowMs: number): void {
    for (const [key, { askedMs }] of answers) if (nowMs - askedMs > FRESH_MS) answers.delete(key);
  }
}

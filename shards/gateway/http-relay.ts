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

/** So many different credentials for metrics are looked at at a time; further ones get 503. */
const METRICS_QUESTIONS_MAX = 8;
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
  const answers = new Map<string, { answer: Promise<HttpAnswer>; freshUntilMs: number }>();

  return async (request) => {
    const path = new URL(request.url).pathname;
    if (!SHARD_PATHS.includes(path)) return new Response("not found", { status: 404 });
    // Only metrics ask who asks: what is public is one question, whatever comes with it.
    const isGuarded = path === "/metrics";
    const authorization = isGuarded
      ? (request.headers.get("authorization") ?? undefined)
      : undefined;
    forgetOld();
    const key = `${path} ${authorization ?? ""}`;
    if (!answers.has(key) && isGuarded && answers.size >= METRICS_QUESTIONS_MAX) {
      return new Response("too many requests", { status: 503 });
    }
    const { status, contentType, body } = await answerFor(key, { path, authorization });
    return new Response(body, { status, headers: { "content-type": contentType } });
  };

  function answerFor(key: string, question: HttpQuestion): Promise<HttpAnswer> {
    const known = answers.get(key);
    if (known !== undefined) return known.answer;
    const entry = { answer: ask(question), freshUntilMs: Number.POSITIVE_INFINITY };
    answers.set(key, entry);
    // Until it is answered nobody asks again, however long that takes.
    const settle = () => {
      entry.freshUntilMs = clock.monotonicMs() + FRESH_MS;
    };
    entry.answer.then(settle, settle);
    return entry.answer;
  }

  function forgetOld(): void {
    const nowMs = clock.monotonicMs();
    for (const [key, { freshUntilMs }] of answers) if (nowMs > freshUntilMs) answers.delete(key);
  }
}

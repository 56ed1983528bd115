import { HOLD_PATH } from "#shared/infra/db/hold-path.ts";
import type { Clock } from "#shared/time/clock.ts";

/** A request on the shard's port that is no game socket's. */
export interface HttpQuestion {
  path: string;
  /** Only where they matter: GET and nothing elsewhere. */
  method: string;
  search: string;
  authorization: string | undefined;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** So many different questions that need a credential wait at a time; further ones get 503. */
const GUARDED_QUESTIONS_MAX = 8;
/** A longer query is of no question that the shard knows. */
const SEARCH_LENGTH_MAX = 64;
/** An answer serves everyone who asks the same within this time. */
const FRESH_MS = 250;

/** What the shard answers on its port. */
const SHARD_PATHS: readonly string[] = ["/health", "/ready", "/metrics", HOLD_PATH];

/** What of it needs the cluster secret. */
const GUARDED_PATHS: readonly string[] = ["/metrics", HOLD_PATH];

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
    const question = readQuestion(request);
    if (question === undefined) return new Response("not found", { status: 404 });
    forgetOld();
    const key = Object.values(question).join(" ");
    const isGuarded = GUARDED_PATHS.includes(question.path);
    if (!answers.has(key) && isGuarded && answers.size >= GUARDED_QUESTIONS_MAX) {
      return new Response("too many requests", { status: 503 });
    }
    const { status, contentType, body } = await answerFor(key, question);
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

function readQuestion(request: Request): HttpQuestion | undefined {
  const { pathname: path, search } = new URL(request.url);
  const isHold = path === HOLD_PATH;
  if (!SHARD_PATHS.includes(path)) return undefined;
  if (isHold && search.length > SEARCH_LENGTH_MAX) return undefined;
  const isGuarded = GUARDED_PATHS.includes(path);
  // What is public is one question, whatever comes with it.
  return {
    path,
    method: isHold ? request.method : "GET",
    search: isHold ? search : "",
    authorization: isGuarded ? (request.headers.get("authorization") ?? undefined) : undefined,
  };
}

import { EventSource } from "eventsource";
import { EventPage, EventStatistics, LoggedEvent } from "#shared/model/events.ts";
import type { ReplayOptions } from "./options.ts";

/** Events of one request. */
const PAGE_LENGTH = 200;

/** The server refused; the message is its own. */
export class ReplayError extends Error {
  override readonly name = "ReplayError";
}

type Print = (line: string) => void;

/** Counts, or shows what was, the oldest first; with `follow` also what comes, until ended. */
export async function replay(
  options: ReplayOptions,
  print: Print,
  ended: AbortSignal,
): Promise<void> {
  if (options.statistics !== undefined) return printStatistics(options, print);
  const { shown, cursor } = await printPast(options, print, ended);
  if (!options.follow || ended.aborted || shown === options.limit) return;
  await printComing(options, { print, ended, after: cursor, shown });
}

async function printStatistics(options: ReplayOptions, print: Print): Promise<void> {
  const query = { ...options.filter, by: options.statistics ?? "type" };
  const { total, buckets } = EventStatistics.parse(await ask(options, "/statistics", query));
  if (options.json) return print(JSON.stringify({ total, buckets }));
  const width = Math.max(5, ...buckets.map(({ key }) => key.length));
  for (const { key, count } of buckets) print(`${(key || "none").padEnd(width)} ${count}`);
  print(`${"total".padEnd(width)} ${total}`);
}

async function printPast(options: ReplayOptions, print: Print, ended: AbortSignal) {
  const { filter, limit = Number.MAX_SAFE_INTEGER } = options;
  let shown = 0;
  let cursor: string | undefined;
  // What is told from now on comes behind this, whether anything of before is shown or not.
  const newest = EventPage.parse(await ask(options, "", { limit: "1" })).events[0]?.cursor;
  while (shown < limit && !ended.aborted) {
    const page = EventPage.parse(
      await ask(options, "", {
        ...filter,
        order: "ascending",
        limit: String(Math.min(PAGE_LENGTH, limit - shown)),
        ...(cursor !== undefined && { cursor }),
      }),
    );
    for (const event of page.events) print(describe(options, event));
    shown += page.events.length;
    cursor = page.events.at(-1)?.cursor ?? cursor;
    if (page.nextCursor === null) break;
  }
  return { shown, cursor: cursor ?? newest };
}

interface Following {
  readonly print: Print;
  readonly ended: AbortSignal;
  /** Undefined while there is no event that the caller may see. */
  readonly after: string | undefined;
  readonly shown: number;
}

/** A stream that breaks off is taken up behind the last event that was shown. */
function printComing(options: ReplayOptions, following: Following): Promise<void> {
  const { print, ended, after } = following;
  const { token, limit = Number.MAX_SAFE_INTEGER } = options;
  const { since: _, until: __, ...filter } = options.filter;
  const input = JSON.stringify({ json: { ...filter, after } });
  const source = new EventSource(
    `${options.url}/trpc/events.follow?input=${encodeURIComponent(input)}`,
    {
      fetch: (url, init) =>
        fetch(url, { ...init, headers: { ...init?.headers, authorization: `Bearer ${token}` } }),
    },
  );
  let { shown } = following;
  return new Promise((resolve, reject) => {
    const close = () => {
      source.close();
      resolve();
    };
    ended.addEventListener("abort", close, { once: true });
    source.addEventListener("message", ({ data }) => {
      print(describe(options, LoggedEvent.parse(JSON.parse(data).json)));
      shown += 1;
      if (shown >= limit) close();
    });
    source.addEventListener("serialized-error", ({ data }) => {
      const error = Object(JSON.parse(data).json);
      if (Object(error.data).appCode === "UNAVAILABLE") return; // It connects again by itself.
      source.close();
      reject(new ReplayError(String(error.message)));
    });
    source.addEventListener("error", ({ code }) => {
      if (code === undefined || code >= 500) return; // It connects again by itself.
      source.close();
      reject(new ReplayError(`cannot follow: the server answered ${code}; is the token old?`));
    });
  });
}

async function ask(
  { url, token }: ReplayOptions,
  path: string,
  query: Record<string, string>,
): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/events${path}?${new URLSearchParams(query)}`, {
    headers,
  });
  const body = await response.json();
  if (response.ok) return body;
  const message = Object(Object(body).error).message;
  throw new ReplayError(String(message ?? `cannot replay: the server answered ${response.status}`));
}

function describe({ json }: ReplayOptions, event: LoggedEvent): string {
  if (json) return JSON.stringify(event);
  const { time, type, shardKey, region, playerId, data } = event;
  const where = shardKey ?? region ?? "-";
  return [time, type.padEnd(20), where, playerId ?? "-", JSON.stringify(data)].join("  ");
}

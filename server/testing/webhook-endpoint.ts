/** Somebody else's server: takes webhooks in and answers as it is told to. */
import { until } from "#shared/testing/until.ts";

export interface TakenWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Listens on this machine; `answers` are used up one by one, then it is 200. */
export function openWebhookEndpoint(options: { port?: number; tls?: Bun.TLSOptions } = {}) {
  const taken: TakenWebhook[] = [];
  const answers: (() => Response | Promise<Response>)[] = [];
  const { port = 0, tls } = options;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    ...(tls !== undefined && { tls }),
    async fetch(request) {
      const body = await request.text();
      taken.push({ headers: Object.fromEntries(request.headers), body });
      return (await answers.shift()?.()) ?? new Response("taken");
    },
  });
  return {
    port: Number(server.port),
    url: `http://127.0.0.1:${server.port}/hook?from=tessera`,
    taken,
    answers,
    /** Waits until so many have come, and returns the last. */
    async last(count: number): Promise<TakenWebhook> {
      return until(`${count} webhooks`, () => taken.length >= count && taken[count - 1]);
    },
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}

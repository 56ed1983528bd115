import { ConfigurationError } from "#shared/infra/settings.ts";
import type { Clock } from "#shared/time/clock.ts";

/** The server's service procedures, as REST. */
export interface ServerAccess {
  readonly serverUrl: string;
  readonly clusterSecret: string;
  readonly clock: Clock;
  /** Bun's fetch; tests may hand the request to a server in the same process. */
  readonly send?: (request: Request) => Promise<Response>;
}

/** An answer later than this is not waited for: four more tries fit into a lease. */
export const ANSWER_MS_MAX = 1_000;

/**
 * Posts `body` to a path of the server, or gets it, and gives the JSON that it answers. Throws
 * ConfigurationError when the server does not know this cluster secret, and an Error when it does
 * not answer well in time.
 */
export async function askServer(
  { serverUrl, clusterSecret, clock, send = fetch }: ServerAccess,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const timeout = new AbortController();
  const cancel = clock.schedule(ANSWER_MS_MAX, () =>
    timeout.abort(new Error(`no answer within ${ANSWER_MS_MAX} ms`)),
  );
  try {
    const response = await send(
      new Request(new URL(path, serverUrl), {
        method: body === undefined ? "GET" : "POST",
        headers: {
          authorization: `Bearer ${clusterSecret}`,
          "content-type": "application/json",
        },
        signal: timeout.signal,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
    return await readAnswer(response, serverUrl);
  } finally {
    cancel();
  }
}

async function readAnswer(response: Response, serverUrl: string): Promise<unknown> {
  if (response.ok) return await response.json();
  const text = (await response.text()).slice(0, 200);
  if (response.status === 401) {
    throw new ConfigurationError(
      `cannot own a shard: the server at ${serverUrl} does not know this cluster secret; give ` +
        "both the same TESSERA_CLUSTER_SECRET, or the same TESSERA_DATA",
    );
  }
  throw new Error(`the server answers ${response.status}: ${text}`);
}

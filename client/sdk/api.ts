import {
  createTRPCClient,
  httpBatchStreamLink,
  httpSubscriptionLink,
  type Operation,
  retryLink,
  splitLink,
  type TRPCClient,
  TRPCClientError,
} from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "../../server/app-router.ts";
import type { ClientOptions } from "./client-types.ts";
import type { Credentials } from "./credentials.ts";

/** Every procedure of the server, typed. */
export type ApiClient = TRPCClient<AppRouter>;

export interface ApiOptions extends Pick<ClientOptions, "url" | "fetch" | "EventSource"> {
  /** None for the calls that get tokens. */
  readonly credentials?: Credentials;
}

type TrpcFetch = NonNullable<Parameters<typeof httpBatchStreamLink>[0]["fetch"]>;
type TrpcRequestInit = Parameters<TrpcFetch>[1];

/** Calls in one request; the server takes no more. */
const BATCH_LENGTH_MAX = 10;
/** Between two attempts to open a stream. */
const STREAM_RETRY_MS = 1_000;
/** Where a call notes the token that it was sent with. */
const TOKEN_KEY = "tessera:accessToken";

/** The API client: calls in batches that stream, subscriptions over server-sent events. */
export function createApi(options: ApiOptions): ApiClient {
  const { credentials } = options;
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const url = `${options.url.replace(/\/+$/, "")}/trpc`;
  // A browser's own EventSource sends no headers: then a ticket in the address says who asks.
  const wantsTickets = options.EventSource === undefined;
  const streams = {
    withCredentials: false,
    // npm's EventSource looks at this.
    fetch: async (input: string | URL, init: RequestInit) =>
      send(input, { ...init, headers: withAll(init.headers, await authorize([], credentials)) }),
  };
  const api: ApiClient = createTRPCClient<AppRouter>({
    links: [
      retryLink({
        retry: ({ op, error, attempts }) =>
          (op.type === "subscription" && wantsTickets && isTicketGone(error)) ||
          (attempts === 1 && isTokenRefused(error) && credentials?.reject(tokenOf(op)) === true),
        retryDelayMs: (attempts) => (attempts === 1 ? 0 : STREAM_RETRY_MS),
      }),
      splitLink({
        condition: (op) => op.type === "subscription",
        true: httpSubscriptionLink({
          url,
          transformer: superjson,
          eventSourceOptions: streams,
          connectionParams: async () => (wantsTickets ? await readTicket(api, credentials) : null),
          ...(options.EventSource === undefined ? {} : { EventSource: options.EventSource }),
        }),
        false: httpBatchStreamLink({
          url,
          transformer: superjson,
          maxItems: BATCH_LENGTH_MAX,
          headers: ({ opList }) => authorize(opList, credentials),
          fetch: (input, init) => send(input, requestInit(init)),
        }),
      }),
    ],
  });
  return api;
}

/** The server answered that the caller is not, or no longer, who it says. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof TRPCClientError && error.data?.code === "UNAUTHORIZED";
}

/** Not so a wrong password: sent twice, it would count twice. */
function isTokenRefused(error: unknown): boolean {
  return (
    error instanceof TRPCClientError &&
    isUnauthorized(error) &&
    error.data?.appCode !== "CREDENTIALS_WRONG"
  );
}

/** A ticket opens one stream once: a browser that connects again by itself shows a used one. */
function isTicketGone(error: unknown): boolean {
  return error instanceof TRPCClientError && error.data?.appCode === "TOKEN_EXPIRED";
}

async function readTicket(
  api: ApiClient,
  credentials: Credentials | undefined,
): Promise<{ ticket: string } | null> {
  const token = await credentials?.accessToken();
  if (token === undefined || token === null) return null;
  const { ticket } = await api.auth.createStreamTicket.mutate();
  return { ticket };
}

/** What is undefined to tRPC is absent to `fetch`. */
function requestInit({ signal, body, ...rest }: TrpcRequestInit = {}): RequestInit {
  return {
    ...rest,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined ? {} : { body }),
  };
}

function withAll(given: RequestInit["headers"], more: Record<string, string>): Headers {
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return headers;
}

async function authorize(
  operations: readonly Operation[],
  credentials: Credentials | undefined,
): Promise<Record<string, string>> {
  const token = await credentials?.accessToken();
  if (token === undefined || token === null) return {};
  for (const operation of operations) operation.context[TOKEN_KEY] = token;
  return { authorization: `Bearer ${token}` };
}

function tokenOf(operation: Operation): string {
  const token = operation.context[TOKEN_KEY];
  return typeof token === "string" ? token : "";
}

// The only file that knows node-redis.
import { createClient, RESP_TYPES } from "redis";
import type { LinkConnection } from "../broker-link.ts";

/** What Redis answers, as RESP2 says it; texts are bytes. */
export type RedisReply = Buffer | string | number | null | RedisReply[];

/** One connection to Redis with one life: at the first fault it is over. */
export interface RedisClient extends LinkConnection {
  /** Rejects with what Redis answers, such as `NOGROUP …`. */
  call(...command: readonly (string | Buffer)[]): Promise<RedisReply>;
  /** From then on this connection can do nothing else but PING. */
  subscribe(channel: string, listener: (bytes: Buffer) => void): Promise<void>;
}

/** Throws an Error whose text says what to do; never shows the password. */
export async function openRedis(url: string): Promise<RedisClient> {
  const closed = Promise.withResolvers<string>();
  const client = createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    // Whoever holds the connection opens another one.
    socket: { reconnectStrategy: false },
  });
  // Without a listener the process would end with the connection.
  client.on("error", (error: Error) => closed.resolve(explain(error)));
  client.on("end", () => closed.resolve("the connection was closed"));
  try {
    await client.connect();
    // One that wants a password, or is no Redis, says so at the first command only.
    const over = closed.promise.then((reason) => Promise.reject(new Error(reason)));
    await Promise.race([client.sendCommand(["PING"]), over]);
  } catch (error) {
    if (client.isOpen) client.destroy();
    throw new Error(explain(error), { cause: error });
  }
  return {
    closed: closed.promise,
    call: (...command) => client.sendCommand<RedisReply>([...command]),
    subscribe: async (channel, listener) => {
      await client.subscribe(channel, (message: Buffer) => listener(message), true);
    },
    ping: async () => {
      await client.sendCommand(["PING"]);
    },
    close: async () => {
      if (client.isOpen) client.destroy();
    },
  };
}

/** The address without what is secret in it. */
export function nameRedis(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/WRONGPASS|NOAUTH|invalid password|without any password/.test(text)) {
    return `Redis refuses the user or password (${text}); correct them in the address`;
  }
  if (/ECONNREFUSED|Failed to connect/.test(text)) return "nobody listens there";
  if (/ENOTFOUND/.test(text)) return "there is no host of that name; correct the address";
  if (/RESP type/.test(text)) return "what listens there is no Redis; correct the address";
  return text === "" ? "the connection was lost" : text;
}

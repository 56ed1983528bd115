import { connect, type NatsConnection } from "@nats-io/transport-node";

/** One connection with one life; throws an Error whose text says what to do. */
export async function openNats(url: string): Promise<NatsConnection> {
  const { hostname, port, username, password, protocol } = new URL(url);
  const name = decodeURIComponent(username);
  const login =
    name === ""
      ? {}
      : password === ""
        ? { token: name }
        : { user: name, pass: decodeURIComponent(password) };
  try {
    return await connect({
      servers: `${hostname}:${port || 4222}`,
      ...login,
      ...(protocol === "tls:" && { tls: {} }),
      // What a process publishes does not come back to it.
      noEcho: true,
      // Whoever holds the connection pings it and opens another one.
      reconnect: false,
      pingInterval: 60_000,
    });
  } catch (error) {
    throw new Error(explainNats(error), { cause: error });
  }
}

/** The address without what is secret in it. */
export function nameNats(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** What an error of NATS means for whoever runs it. */
export function explainNats(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/authorization|authentication/i.test(text)) {
    return `NATS refuses the user, password or token (${text}); correct them in the address`;
  }
  if (/refused|ECONNREFUSED/i.test(text)) return "nobody listens there";
  if (/ENOTFOUND/.test(text)) return "there is no host of that name; correct the address";
  if (/jetstream.*not enabled|no responders/i.test(text)) {
    return "this NATS has no JetStream; start nats-server with --jetstream";
  }
  return text === "" ? "the connection was lost" : text;
}

// One POST over a socket of its own: fetch and node:https look names up by themselves, after the
// check, and would follow what they are answered. Here the address that was checked is the one that
// is connected to, and of the answer only the head is read.
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "#shared/time/clock.ts";
import { assertMayConnect, resolveWebhook, type WebhookNetwork } from "./webhook-network.ts";

/** From the look-up of the name to the head of the answer. */
export const ANSWER_MS_MAX = 15_000;
const HEAD_BYTES_MAX = 16 * 1024;

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent whole with every attempt. */
  readonly body: string;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
}

export interface WebhookAnswer {
  readonly status: number;
  /** As the endpoint asked, if it did. */
  readonly retryAfterSeconds: number | undefined;
}

/** Sends it once; rejects when no answer came within the time, or none may be asked for. */
export async function postWebhook(
  { network, clock }: { network: WebhookNetwork; clock: Clock },
  request: WebhookRequest,
): Promise<WebhookAnswer> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  let socket: Socket | undefined;
  let over = false;
  const end = (reason: string) => {
    over = true;
    socket?.destroy();
    reject(new Error(reason));
  };
  const tellStop = () => end("this server stops");
  const cancel = clock.schedule(ANSWER_MS_MAX, () =>
    end(`no answer within ${ANSWER_MS_MAX / 1_000} s`),
  );
  request.signal?.addEventListener("abort", tellStop);
  const work = async () => {
    const { url, address } = await resolveWebhook(network, request.url);
    if (over) throw new Error("the name was found too late");
    socket = open(url, address, network);
    return await exchange(socket, { network, head: toHead(url, request), body: request.body });
  };
  const answered = work();
  answered.catch(() => undefined);
  try {
    return await Promise.race([answered, tooLate]);
  } finally {
    cancel();
    request.signal?.removeEventListener("abort", tellStop);
    socket?.destroy();
  }
}

function open(url: URL, address: string, { ca }: WebhookNetwork): Socket {
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (url.protocol === "http:") return connectPlain({ host: address, port });
  const servername = url.hostname.startsWith("[") ? "" : url.hostname;
  const trust = ca === undefined ? {} : { ca };
  return connectTls({ host: address, port, servername, rejectUnauthorized: true, ...trust });
}

interface Exchange {
  readonly network: WebhookNetwork;
  readonly head: string;
  readonly body: string;
}

function exchange(socket: Socket, { network, head, body }: Exchange): Promise<WebhookAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const send = () => {
      try {
        assertMayConnect(network, socket.remoteAddress);
      } catch (error) {
        socket.destroy();
        reject(error);
        return;
      }
      socket.write(head);
      socket.write(body);
    };
    socket.on("encrypted" in socket ? "secureConnect" : "connect", send);
    socket.on("error", (error) => reject(new Error(`the connection failed: ${error.message}`)));
    socket.on("close", () => reject(new Error("the connection was closed without an answer")));
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const answer = readHead(text);
      if (answer === "no HTTP") reject(new Error("the answer is not HTTP"));
      else if (answer !== undefined) resolve(answer);
      else if (text.length > HEAD_BYTES_MAX)
        reject(new Error("the head of the answer is too long"));
    });
  });
}

function toHead({ pathname, search, host }: URL, { headers, body }: WebhookRequest): string {
  const lines = Object.entries({
    host,
    "user-agent": "Tessera-Webhooks/1",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Undefined while the head is not whole; heads that only announce another answer are passed. */
function readHead(text: string): WebhookAnswer | "no HTTP" | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
  if (!Number.isInteger(status)) return "no HTTP";
  if (status < 200) return readHead(text.slice(end + 4));
  const wait = /\r\nretry-after: *(\d{1,6})\r?(\n|$)/i.exec(`${head}\r\n`)?.[1];
  return { status, retryAfterSeconds: wait === undefined ? undefined : Number(wait) };
}

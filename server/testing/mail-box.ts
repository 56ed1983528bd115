/** A real SMTP server that keeps what it is given, for tests. */
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  readonly to: readonly string[];
  /** As it came, headers and all, with soft line ends taken out. */
  readonly text: string;
}

export type MailBox = Awaited<ReturnType<typeof openMailBox>>;

/** Listens on a free port, or the given one; `await using` closes it. */
export async function openMailBox(port = 0) {
  const mails: ReceivedMail[] = [];
  let refuses = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo(_address, _session, done) {
      done(refuses ? Object.assign(new Error("try later"), { responseCode: 451 }) : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString("utf8");
        const text = raw.replace(/=\r\n/g, "").replace(/=3D/g, "=");
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  // A client that is killed in the middle is nothing to fail for.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
  const address = server.server.address();
  const listening = typeof address === "object" && address !== null ? address.port : port;
  return {
    mails,
    port: listening,
    url: `smtp://127.0.0.1:${listening}`,
    /** From now on recipients are refused for the time being, or taken again. */
    refuse: (on: boolean) => {
      refuses = on;
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The token of the link in a mail. */
export function readLink(mail: ReceivedMail | undefined, kind: "verify" | "reset"): string {
  const token = new RegExp(`/account#${kind}=([\\w-]+)`).exec(mail?.text ?? "")?.[1];
  if (token === undefined) throw new Error(`there is no ${kind} link in ${mail?.text}`);
  return token;
}

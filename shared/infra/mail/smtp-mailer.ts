// Mails over SMTP; the only file that knows nodemailer.
import { createTransport } from "nodemailer";
import type { Mail, Mailer } from "./mailer.ts";

/** Each step of a delivery; a server that takes longer is tried again later. */
const STEP_MS_MAX = 10_000;

export interface SmtpOptions {
  /** smtp:// with STARTTLS where the server has it, or smtps://; with user and password. */
  readonly url: string;
  /** Such as `Example <no-reply@example.com>`. */
  readonly from: string;
}

/** Hands mails to an SMTP server, one connection for each. */
export class SmtpMailer implements Mailer {
  readonly #transport: ReturnType<typeof createTransport>;
  readonly #from: string;

  constructor({ url, from }: SmtpOptions) {
    this.#from = from;
    this.#transport = createTransport({
      url,
      connectionTimeout: STEP_MS_MAX,
      greetingTimeout: STEP_MS_MAX,
      socketTimeout: STEP_MS_MAX,
      // A mail is text of ours: nothing in it names a file or an address to be read.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ to, subject, text, id }: Mail): Promise<void> {
    const host = this.#from.replace(/^.*@|>.*$/g, "");
    const headers = { "auto-submitted": "auto-generated" };
    const messageId = `<${id}@${host}>`;
    await this.#transport.sendMail({ from: this.#from, to, subject, text, messageId, headers });
  }

  close(): void {
    this.#transport.close();
  }
}

import type { Log } from "#shared/infra/log.ts";
import type { Mail, Mailer } from "./mailer.ts";

/** For development: mails go to the log, with the links in them. */
export class LogMailer implements Mailer {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    this.#log.info("mail", { to, subject, text });
  }

  close(): void {}
}

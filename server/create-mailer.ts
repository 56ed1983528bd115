import type { Log } from "#shared/infra/log.ts";
import { LogMailer } from "#shared/infra/mail/log-mailer.ts";
import type { Mailer } from "#shared/infra/mail/mailer.ts";
import { SmtpMailer } from "#shared/infra/mail/smtp-mailer.ts";
import type { ServerConfig } from "./config.ts";

/** How this process sends mail; undefined when it does not. */
export function createMailer(config: ServerConfig, log: Log): Mailer | undefined {
  const { mode, smtpUrl, mailFrom, publicUrl } = config;
  if (smtpUrl !== undefined) {
    const host = publicUrl === undefined ? "localhost" : new URL(publicUrl).hostname;
    return new SmtpMailer({ url: smtpUrl, from: mailFrom ?? `no-reply@${host}` });
  }
  // Links in mails are as good as passwords: a production log must not have them.
  return mode === "production" ? undefined : new LogMailer(log);
}

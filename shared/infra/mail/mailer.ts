/** A mail as it goes out: plain text, which every program shows and no filter suspects. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for each delivery of one mail, so that a second one can be told. */
  readonly id: string;
}

/** Hands mails over to whoever delivers them. */
export interface Mailer {
  /** Resolves when the other side has taken the mail over. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

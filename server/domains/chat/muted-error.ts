import { AppError } from "#shared/model/errors.ts";

/** Refuses the words of one who may read and not speak. */
export class MutedError extends AppError {
  /** Null: for ever. */
  readonly endsAtMs: number | null;

  constructor({ reason, endsAtMs }: { readonly reason: string; readonly endsAtMs: number | null }) {
    const until = endsAtMs === null ? "for ever" : `until ${new Date(endsAtMs).toISOString()}`;
    super("FORBIDDEN", `cannot send the message: you are muted ${until}: ${reason}`);
    this.endsAtMs = endsAtMs;
  }
}

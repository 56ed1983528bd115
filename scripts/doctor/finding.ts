/**
 * What the doctor found: `ok` as it should be, `note` good to know, `warning` will hurt some day,
 * `problem` does not work or loses something.
 */
export interface Finding {
  readonly check: string;
  readonly status: "ok" | "note" | "warning" | "problem";
  readonly text: string;
  /** What to do, for warnings and problems. */
  readonly fix?: string;
}

/** The text of an error, for findings. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

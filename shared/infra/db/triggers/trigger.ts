/** A trigger as SQL says it, in its parts. */
export interface Trigger {
  readonly name: string;
  /** The moment, e.g. AFTER INSERT ON players. */
  readonly on: string;
  readonly when?: string;
  /** One statement or several. */
  readonly does: string;
}

/** The statement that makes a trigger. */
export function createTrigger({ name, on, when, does }: Trigger): string {
  const condition = when === undefined ? "" : `WHEN ${when}\n`;
  return `CREATE TRIGGER ${name} ${on}\n${condition}BEGIN\n\t${does}\nEND;`;
}

/** What a trigger does that refuses what made it fire. */
export function refuse(reason: string): string {
  return `SELECT RAISE(ABORT, '${reason}');`;
}

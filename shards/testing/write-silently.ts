import type { Database, Statement } from "#shared/infra/db/database.ts";

/**
 * Changes a database as a damaged disk would: without its triggers, which are there again
 * afterwards, to the letter.
 */
export async function writeSilently(
  { client }: Pick<Database<Record<string, unknown>>, "client">,
  statements: readonly Statement[],
): Promise<void> {
  const { rows } = await client.execute(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
  );
  const triggers = rows.map((row) => ({ name: String(row[0]), sql: String(row[1]) }));
  await client.batch(
    [
      ...triggers.map(({ name }) => `DROP TRIGGER "${name}"`),
      ...statements,
      ...triggers.map(({ sql }) => sql),
    ],
    "write",
  );
}

/** The calls of libSQL's client that run statements. */
const CALLS = ["execute", "batch", "executeMultiple", "transaction", "migrate"] as const;

type Call = (...given: readonly unknown[]) => Promise<unknown>;

/**
 * Counts what may have written through a client, done or failed, before whoever asked for it hears
 * of that: so who keeps rows in memory knows when to look again, whatever part of the house wrote.
 */
export function countWrites(client: object): () => number {
  let writes = 0;
  for (const name of CALLS) {
    const call: Call = Reflect.get(client, name).bind(client);
    const counted: Call = (...given) =>
      isRead(name, given[0]) ? call(...given) : call(...given).finally(() => (writes += 1));
    Object.defineProperty(client, name, { value: counted });
  }
  return () => writes;
}

/** Whatever is not surely a question counts as written. */
function isRead(name: (typeof CALLS)[number], given: unknown): boolean {
  if (name === "execute") return isQuestion(given);
  return name === "batch" && Array.isArray(given) && given.every(isQuestion);
}

/** A statement as libSQL takes it: text, text with arguments in a list, or an object with both. */
function isQuestion(statement: unknown): boolean {
  if (Array.isArray(statement)) return isQuestion(statement[0]);
  const text =
    typeof statement === "object" && statement !== null && "sql" in statement
      ? statement.sql
      : statement;
  return typeof text === "string" && /^\s*select\b/i.test(text);
}

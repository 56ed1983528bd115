import { Damage } from "./damage.ts";
import { readFacts } from "./facts.ts";
import { checkSum, isLarge } from "./late-check.ts";
import type { Lasting } from "./messages.ts";
import {
  type CheckedRow,
  checkPlayerStates,
  readAnswers,
  readSessions,
  readTickets,
  readWholeOutbox,
  type ShardClient,
} from "./rows.ts";
import { RowSum } from "./table-sums.ts";

/** Answers that are kept for each player; a client has fewer actions under way. */
export const ANSWERS_PER_PLAYER_MAX = 64;

/**
 * Reads what a shard has beside its journal, and checks all of it, also what is read only when a
 * player comes, unless that is much: `LateCheck` looks at it then. Throws Damage that names whose
 * it is. `tick` is the last one.
 */
export async function readLasting(client: ShardClient, tick: number): Promise<Lasting> {
  const place = { client, tick };
  const facts = (await readFacts(client)).map((fact) => ({ ...fact, tick: 0 }));
  await checkRows(place, { table: "shard_facts", rows: facts }, ({ name }) => `the fact ${name}`);
  if (await isLarge(client)) {
    await checkSum(client, "player_states");
    await checkSum(client, "answers");
  } else {
    await checkRows(
      place,
      { table: "player_states", rows: checkPlayerStates(client) },
      ({ playerId }) => `what it keeps of player ${playerId}`,
    );
    await checkRows(
      place,
      { table: "answers", rows: readAnswers(client) },
      ({ playerId }) => `an answer to player ${playerId}`,
    );
  }
  await checkRows(
    place,
    { table: "outbox", rows: readWholeOutbox(client) },
    ({ id }) => `the message ${id} of its outbox`,
  );
  await checkRows(
    place,
    { table: "used_tickets", rows: readTickets(client) },
    ({ id }) => `the used ticket ${id}`,
  );
  return { sessions: await readResumable(place) };
}

/** Resume tokens' hashes by player, without sessions that have ended. */
async function readResumable(place: Place): Promise<Map<string, string>> {
  const sessions = new Map<string, string>();
  const take = ({ playerId, tokenHash }: { playerId: string; tokenHash: string | null }) => {
    if (tokenHash !== null) sessions.set(playerId, tokenHash);
  };
  await checkRows(
    place,
    { table: "sessions", rows: await readSessions(place.client), take },
    ({ playerId }) => `the session of player ${playerId}`,
  );
  return sessions;
}

/** A database and its last tick. */
interface Place {
  readonly client: ShardClient;
  readonly tick: number;
}

/** Each row by itself, and that they are all there. */
async function checkRows<R extends CheckedRow>(
  { client, tick }: Place,
  {
    table,
    rows,
    take,
  }: { table: string; rows: Iterable<R> | AsyncIterable<R>; take?: (row: R) => void },
  describe: (row: R) => string,
): Promise<void> {
  // A ticket is used up between two ticks, and counts as the later one's.
  const last = table === "used_tickets" ? tick + 1 : tick;
  const sum = new RowSum();
  const look = (row: R) => {
    if (!row.whole) throw new Damage(`${describe(row)} is damaged`);
    if (row.tick > last) {
      throw new Damage(
        `${describe(row)} is of tick ${row.tick}, and the journal ends with ${tick}`,
      );
    }
    sum.add(row.checksum);
    take?.(row);
  };
  // To wait for each of a hundred thousand that are here already takes longer than to look at it.
  if (Symbol.asyncIterator in rows) for await (const row of rows) look(row);
  else for (const row of rows) look(row);
  const fault = await sum.findFault(client, table);
  if (fault !== undefined) throw new Damage(fault);
}

import { lte, sql } from "drizzle-orm";
import { eventCursors, events } from "#shared/infra/db/schema/control.ts";
import type { ServerDeps } from "../../deps.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const INTERVAL_MS = 60 * 60 * 1_000;

type TrimDeps = Pick<ServerDeps, "database" | "clock">;

/**
 * Forgets events of before the last `days` days, from the oldest on, but none that was not told on
 * yet; how far it came is written down, so that nobody takes the rest for all there ever was.
 */
export async function trimEvents({ database, clock }: TrimDeps, days: number): Promise<void> {
  const cutMs = Math.trunc(clock.wallMs()) - days * DAY_MS;
  const { orm } = database;
  const trimmed = sql`(SELECT number FROM ${eventCursors} WHERE name = 'trimmed')`;
  await orm.batch([
    orm.run(sql`INSERT INTO ${eventCursors} (name, number)
      SELECT 'trimmed', min(
        coalesce((SELECT number FROM ${eventCursors} WHERE name = 'relay'), 0),
        coalesce((SELECT min(number) - 1 FROM ${events} WHERE at_ms >= ${cutMs}),
          (SELECT max(number) FROM ${events}), 0))
      WHERE true
      ON CONFLICT (name) DO UPDATE SET number = max(number, excluded.number)`),
    orm.delete(events).where(lte(events.number, trimmed)),
  ]);
}

/** Does so now and every hour; the result ends it. */
export function keepEventsTrimmed(
  deps: TrimDeps & Pick<ServerDeps, "log">,
  days: number,
): () => void {
  let cancel: () => void = () => undefined;
  function run(): void {
    trimEvents(deps, days).catch((error) =>
      deps.log.warning("cannot forget old events", { error }),
    );
    cancel = deps.clock.schedule(INTERVAL_MS, run);
  }
  run();
  return () => cancel();
}

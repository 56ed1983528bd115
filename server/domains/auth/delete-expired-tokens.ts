import { and, lt, notInArray, sql } from "drizzle-orm";
import {
  mailTokens,
  oidcFlows,
  refreshTokens,
  sessionEnds,
  sessions,
  streamTickets,
} from "#shared/infra/db/schema/control.ts";
import type { ServerDeps } from "../../deps.ts";
import { deleteIdleGuests } from "./delete-idle-guests.ts";

const CLEANUP_INTERVAL_MS = 60 * 60 * 1000;

/** A shard that was told nothing for longer asks about everybody who is there. */
const ENDS_KEPT_MS = 24 * 60 * 60 * 1000;

/** Forgets refresh tokens past their time, and logins that have none left. */
export async function deleteExpiredTokens(
  deps: Pick<ServerDeps, "database" | "clock">,
): Promise<void> {
  const { orm } = deps.database;
  const living = orm.selectDistinct({ id: refreshTokens.sessionId }).from(refreshTokens);
  await orm.batch([
    orm.delete(refreshTokens).where(lt(refreshTokens.expiresAtMs, deps.clock.wallMs())),
    orm.delete(streamTickets).where(lt(streamTickets.expiresAtMs, deps.clock.wallMs())),
    orm.delete(sessions).where(notInArray(sessions.id, living)),
    orm.delete(mailTokens).where(lt(mailTokens.expiresAtMs, deps.clock.wallMs())),
    orm.delete(oidcFlows).where(lt(oidcFlows.expiresAtMs, deps.clock.wallMs())),
    // The newest stays: cursors count on from it.
    orm
      .delete(sessionEnds)
      .where(
        and(
          lt(sessionEnds.endedAtMs, deps.clock.wallMs() - ENDS_KEPT_MS),
          lt(sessionEnds.number, sql`(SELECT max(${sessionEnds.number}) FROM ${sessionEnds})`),
        ),
      ),
  ]);
}

/**
 * Does so now and every hour, and from the second time on deletes guests who do not come any more:
 * a clock that is wrong at a start is often right soon. The result ends it.
 */
export function keepTokensTidy(deps: Pick<ServerDeps, "database" | "clock" | "log">): () => void {
  let cancel: () => void = () => undefined;
  let isFirst = true;
  function run(): void {
    tidy(deps, isFirst).catch((error) =>
      deps.log.warning("cannot delete what has expired", { error }),
    );
    isFirst = false;
    cancel = deps.clock.schedule(CLEANUP_INTERVAL_MS, run);
  }
  run();
  return () => cancel();
}

async function tidy(
  deps: Pick<ServerDeps, "database" | "clock" | "log">,
  isFirst: boolean,
): Promise<void> {
  await deleteExpiredTokens(deps);
  if (isFirst) return;
  const guests = await deleteIdleGuests(deps);
  if (guests > 0) deps.log.info("guests who do not come any more are deleted", { guests });
}

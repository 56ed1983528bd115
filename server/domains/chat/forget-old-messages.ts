import { sql } from "drizzle-orm";
import { chatMessages } from "#shared/infra/db/schema/control.ts";
import { CHAT_DAYS } from "#shared/model/chat.ts";
import type { ControlDatabase } from "../../deps.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** More than one for each that is written, so that it catches up after any pause. */
const FORGOTTEN_LENGTH_MAX = 16;

/** The statement that goes with each message: some of those whose time is over are deleted. */
export function forgetOldMessages(orm: ControlDatabase["orm"], nowMs: number) {
  const cutMs = nowMs - CHAT_DAYS * DAY_MS;
  return orm.run(sql`DELETE FROM ${chatMessages} WHERE number IN (
    SELECT number FROM (SELECT number, sent_at_ms FROM ${chatMessages}
      ORDER BY number LIMIT ${FORGOTTEN_LENGTH_MAX}) WHERE sent_at_ms < ${cutMs})`);
}

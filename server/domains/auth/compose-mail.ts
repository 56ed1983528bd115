import { eq } from "drizzle-orm";
import { emails, type mails, players } from "#shared/infra/db/schema/control.ts";
import type { Mail } from "#shared/infra/mail/mailer.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { ControlDatabase } from "../../deps.ts";
import { ACCOUNT_PATH } from "../../http/account-page.ts";

export interface MailDraft {
  readonly database: ControlDatabase;
  readonly row: typeof mails.$inferSelect;
  readonly baseUrl: string;
  /** A token for the link, stored as good for the player. */
  readonly makeToken: (playerId: PlayerId) => Promise<string>;
}

/** What a waiting mail says now; undefined when there is nobody to tell anything. */
export async function composeMail(draft: MailDraft): Promise<Mail | undefined> {
  const { database, row, baseUrl } = draft;
  const owner = await findOwner(database, row.address);
  const common = { to: row.address, id: row.id };
  if (row.kind === "reset") {
    if (owner?.username == null) return undefined;
    const token = await draft.makeToken(owner.id);
    const text = tellReset(owner.username, `${baseUrl}${ACCOUNT_PATH}#reset=${token}`);
    return { ...common, subject: "Set another password", text };
  }
  if (row.playerId === null) return undefined;
  if (owner !== undefined) {
    const text =
      `This address was given for a player just now. It belongs to the account ` +
      `${owner.username ?? owner.displayName} already, and nothing was changed.\n`;
    return { ...common, subject: "Your address is in use", text };
  }
  const token = await draft.makeToken(row.playerId);
  const text = tellVerify(`${baseUrl}${ACCOUNT_PATH}#verify=${token}`);
  return { ...common, subject: "Confirm your address", text };
}

async function findOwner({ orm }: ControlDatabase, address: string) {
  const [found] = await orm
    .select({ player: players })
    .from(emails)
    .innerJoin(players, eq(players.id, emails.playerId))
    .where(eq(emails.addressKey, address.toLowerCase()));
  return found?.player;
}

function tellReset(username: string, link: string): string {
  return (
    `Somebody, you perhaps, asked for another password for the account ${username}. ` +
    `This link sets it, once and within an hour:\n\n${link}\n\n` +
    "If it was not you, there is nothing to do: nothing has changed.\n"
  );
}

function tellVerify(link: string): string {
  return (
    "This link confirms that the address is yours, within a day:\n\n" +
    `${link}\n\nIf you did not give this address to a game, there is nothing to do.\n`
  );
}

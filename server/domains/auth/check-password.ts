import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../../deps.ts";
import type { PlayerRow } from "../players/index.ts";

/** Throws unless it is the player's; guesses are slowed down like those of a login. */
export async function checkPassword(
  { throttle, passwords }: ServerDeps,
  { row, address, password }: { row: PlayerRow; address: string; password: string },
): Promise<void> {
  const name = row.username ?? row.id;
  throttle.begin(name, address);
  let matches: boolean;
  try {
    matches = await passwords.verify(password, row.passwordHash);
  } catch (error) {
    throttle.withdraw(name, address);
    throw error;
  }
  if (!matches) {
    throw new AppError("CREDENTIALS_WRONG", "cannot go on: the current password is wrong");
  }
  throttle.succeed(name, address);
}

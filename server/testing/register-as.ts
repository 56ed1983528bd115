import type { Credentials } from "#shared/model/auth.ts";
import type { PlayerRole } from "#shared/model/players.ts";
import { readCredentials, type TestServer } from "./test-server.ts";

/** Makes an account that has a role, and logs it in. */
export async function registerAs(server: TestServer, role: PlayerRole): Promise<Credentials> {
  const body = { username: `some-${role}`, password: "correct horse" };
  const login = readCredentials(await server.call("POST", "/api/auth/register", { body }));
  const sql = "UPDATE players SET role = ? WHERE id = ?";
  await server.deps.database.client.execute({ sql, args: [role, login.player.id] });
  return login;
}

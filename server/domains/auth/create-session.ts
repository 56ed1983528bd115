/** Opens a session for a player who has shown who they are. */
import { players, refreshTokens, sessions } from "#shared/infra/db/schema/control.ts";
import type { Credentials } from "#shared/model/auth.ts";
import { PlayerId, SessionId } from "#shared/model/ids.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { type PlayerRow, toPlayer } from "../players/index.ts";
import { assertNotBanned } from "./find-ban.ts";
import { createRefreshToken, REFRESH_TOKEN_MS } from "./refresh-token.ts";

type SessionDeps = Pick<ServerDeps, "database" | "clock" | "tokens">;

/** Who gets a session, and whether a second factor was shown for it. */
export type SessionCaller = Pick<Caller, "device"> & { readonly secondFactor?: boolean };

export type NewPlayer = Pick<PlayerRow, "username" | "passwordHash" | "displayName" | "guest">;

/** A new session of a known player; throws BANNED. */
export async function createSession(
  deps: SessionDeps,
  caller: SessionCaller,
  row: PlayerRow,
): Promise<Credentials> {
  await assertNotBanned(deps, row.id);
  const { statements, session } = prepareSession(deps, caller, row.id);
  await deps.database.orm.batch(statements);
  return issueCredentials(deps, row, session);
}

/** A new player and their first session, both or neither. */
export async function createPlayerWithSession(
  deps: SessionDeps,
  caller: Caller,
  fields: NewPlayer,
): Promise<Credentials> {
  const row = newPlayerRow(deps, fields);
  const { statements, session } = prepareSession(deps, caller, row.id);
  await deps.database.orm.batch([deps.database.orm.insert(players).values(row), ...statements]);
  return issueCredentials(deps, row, session);
}

/** A player as it will be stored, with a new id. */
export function newPlayerRow({ clock }: Pick<ServerDeps, "clock">, fields: NewPlayer): PlayerRow {
  const nowMs = clock.wallMs();
  return {
    ...fields,
    id: PlayerId.parse(Bun.randomUUIDv7("hex", nowMs)),
    usernameKey: fields.username?.toLowerCase() ?? null,
    role: "player",
    createdAtMs: nowMs,
  };
}

interface NewSession {
  readonly id: SessionId;
  readonly refreshToken: string;
}

/** The answer for a session whose refresh token was just made. */
export async function issueCredentials(
  deps: Pick<ServerDeps, "tokens">,
  row: PlayerRow,
  session: NewSession,
): Promise<Credentials> {
  const access = await deps.tokens.issueAccess({ playerId: row.id, sessionId: session.id });
  return {
    player: toPlayer(row),
    accessToken: access.token,
    accessExpiresAt: new Date(access.expiresAtMs).toISOString(),
    refreshToken: session.refreshToken,
  };
}

/** The statements that make a session, to go into a batch with what it is made for. */
export function prepareSession(deps: SessionDeps, caller: SessionCaller, playerId: PlayerId) {
  const { device, secondFactor = false } = caller;
  const { orm } = deps.database;
  const nowMs = deps.clock.wallMs();
  const id = SessionId.parse(Bun.randomUUIDv7("hex", nowMs));
  const { token, hash } = createRefreshToken();
  const expiresAtMs = nowMs + REFRESH_TOKEN_MS;
  const statements = [
    orm
      .insert(sessions)
      .values({ id, playerId, device, secondFactor, createdAtMs: nowMs, seenAtMs: nowMs }),
    orm.insert(refreshTokens).values({ hash, sessionId: id, expiresAtMs }),
  ] as const;
  return { statements, session: { id, refreshToken: token } satisfies NewSession };
}

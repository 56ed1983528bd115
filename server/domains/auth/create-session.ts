/** Opens a session for a player who has shown who they are. */
import { players, refreshTokens, sessions } from "#shared/infra/db/schema/control.ts";
import type { Credentials } from "#shared/model/auth.ts";
import { PlayerId, SessionId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";
import { type PlayerRow, toPlayer } from "../players/index.ts";
import { createRefreshToken, REFRESH_TOKEN_MS } from "./refresh-token.ts";

type SessionDeps = Pick<ServerDeps, "database" | "clock" | "tokens">;

/** A new session of a known player. */
export async function createSession(deps: SessionDeps, row: PlayerRow): Promise<Credentials> {
  const { statements, session } = prepareSession(deps, row);
  await deps.database.orm.batch(statements);
  return issueCredentials(deps, row, session);
}

/** A new player and their first session, both or neither. */
export async function createPlayerWithSession(
  deps: SessionDeps,
  fields: Pick<PlayerRow, "username" | "passwordHash" | "displayName">,
): Promise<Credentials> {
  const row: PlayerRow = {
    ...fields,
    id: PlayerId.parse(Bun.randomUUIDv7("hex", deps.clock.wallMs())),
    usernameKey: fields.username?.toLowerCase() ?? null,
    role: "player",
    createdAtMs: deps.clock.wallMs(),
  };
  const { statements, session } = prepareSession(deps, row);
  await deps.database.orm.batch([deps.database.orm.insert(players).values(row), ...statements]);
  return issueCredentials(deps, row, session);
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

function prepareSession(deps: SessionDeps, row: PlayerRow) {
  const { orm } = deps.database;
  const nowMs = deps.clock.wallMs();
  const id = SessionId.parse(Bun.randomUUIDv7("hex", nowMs));
  const { token, hash } = createRefreshToken();
  const expiresAtMs = nowMs + REFRESH_TOKEN_MS;
  const statements = [
    orm.insert(sessions).values({ id, playerId: row.id, createdAtMs: nowMs }),
    orm.insert(refreshTokens).values({ hash, sessionId: id, expiresAtMs }),
  ] as const;
  return { statements, session: { id, refreshToken: token } satisfies NewSession };
}

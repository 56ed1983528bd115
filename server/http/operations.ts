/** What commands such as `bun run backup` ask a running server, by the cluster secret. */
import { Elysia } from "elysia";
import { hasBearer } from "#shared/infra/bearer.ts";
import { readHoldRequest } from "#shared/infra/db/hold-messages.ts";
import { HOLD_PATH } from "#shared/infra/db/hold-path.ts";
import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../deps.ts";
import { toErrorResponse } from "../errors.ts";

/** The routes, to be mounted on the app. */
export function createOperations(deps: ServerDeps) {
  const guard =
    (answer: (request: Request) => Response | Promise<Response>) =>
    ({ request }: { request: Request }) => {
      if (hasBearer(request, deps.clusterSecret)) return answer(request);
      return toErrorResponse(
        new AppError(
          "UNAUTHORIZED",
          "cannot operate the server: send the cluster secret as Authorization: Bearer …",
        ),
      );
    };
  return new Elysia()
    .get(
      "/shards",
      guard(() => Response.json({ shards: deps.shards.list() })),
    )
    .all(
      HOLD_PATH,
      guard((request) => answerHold(deps, request)),
    );
}

async function answerHold({ databaseHold }: ServerDeps, request: Request): Promise<Response> {
  const asked = readHoldRequest(request.method, new URL(request.url).search);
  if (asked === undefined) {
    const message = "cannot hold the database: send POST, PUT or DELETE with ?id=UUID";
    return toErrorResponse(new AppError("INVALID_INPUT", message));
  }
  const answer = await databaseHold.handle(asked);
  return Response.json(answer, { status: answer.held ? 200 : 409 });
}

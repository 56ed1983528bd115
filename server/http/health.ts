/** What operators and machines ask: is it alive, is it usable, what are the numbers. */
import { Elysia } from "elysia";
import { hasBearer } from "#shared/infra/bearer.ts";
import type { Mode } from "#shared/infra/settings.ts";
import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../deps.ts";
import { toErrorResponse } from "../errors.ts";

/** The routes, to be mounted on the app. */
export function createHealth(deps: ServerDeps, mode: Mode) {
  const startMs = deps.clock.monotonicMs();
  return new Elysia()
    .get("/health", async () => {
      // 200 whatever is the matter: a server that is started again for it would not help.
      const reason = (await deps.databaseHealth.trouble()) ?? degradationOf(deps);
      return Response.json({
        status: reason === undefined ? "ok" : "degraded",
        ...(reason !== undefined && { reason }),
        uptimeSeconds: Math.floor((deps.clock.monotonicMs() - startMs) / 1000),
        players: deps.shards.list().reduce((sum, shard) => sum + shard.population, 0),
        shards: deps.shards.list().length,
      });
    })
    .get("/ready", async () => {
      const reason = await findReasonNotReady(deps);
      // Ready all the same: all servers lack a broker at once, and most of what they do needs none.
      const degraded = degradationOf(deps);
      if (reason === undefined) {
        return Response.json({ status: "ready", ...(degraded !== undefined && { degraded }) });
      }
      return Response.json({ status: "not ready", reason }, { status: 503 });
    })
    .get("/metrics", async ({ request }) => {
      if (mode === "production" && !hasBearer(request, deps.clusterSecret)) {
        return toErrorResponse(
          new AppError(
            "UNAUTHORIZED",
            "cannot read metrics: send the cluster secret as Authorization: Bearer …",
          ),
        );
      }
      const { process } = deps.metrics;
      return new Response(await process.render(), {
        headers: { "content-type": process.contentType },
      });
    });
}

/** What does not work as it should, without keeping the server from its work. */
function degradationOf({ bus, limits }: ServerDeps): string | undefined {
  const troubles = [bus.trouble, limits.trouble].filter((trouble) => trouble !== undefined);
  return troubles.length === 0 ? undefined : troubles.join("; ");
}

/** The migrations ran before anything listened, so what is left is whether the database answers. */
async function findReasonNotReady(deps: ServerDeps): Promise<string | undefined> {
  if (deps.stopping.aborted) return "the server stops";
  return deps.databaseHealth.trouble();
}

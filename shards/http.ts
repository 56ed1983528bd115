import { hasBearer } from "#shared/infra/bearer.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { Mode } from "#shared/infra/settings.ts";

/** What the shard says of itself on its own port. */
export interface ShardHealth {
  status: "starting" | "serving" | "stopping";
  shard: string;
  uptime_seconds: number;
  players: number;
  connected: number;
  tick: number;
  /** Whether the server hears from this shard. */
  bus: boolean;
}

export interface ShardHttpOptions {
  mode: Mode;
  clusterSecret: string;
  metrics: Metrics;
  health: () => ShardHealth;
}

/** `/health`, `/ready` and `/metrics`; in production metrics need the cluster secret. */
export function createShardHttp(
  options: ShardHttpOptions,
): (request: Request) => Promise<Response> {
  const { health, metrics, mode, clusterSecret } = options;
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/health") return Response.json(health());
    if (pathname === "/ready") {
      const state = health();
      return Response.json(state, { status: state.status === "serving" ? 200 : 503 });
    }
    if (pathname === "/metrics") {
      const allowed = mode === "development" || hasBearer(request, clusterSecret);
      if (!allowed) return new Response("metrics need the cluster secret", { status: 401 });
      const headers = { "content-type": metrics.contentType };
      return new Response(await metrics.render(), { headers });
    }
    return new Response("not found", { status: 404 });
  };
}

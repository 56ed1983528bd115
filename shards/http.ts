import { isBearer } from "#shared/infra/bearer.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { Mode } from "#shared/infra/settings.ts";
import type { HttpAnswer, HttpQuestion } from "./gateway/http-relay.ts";
import type { DiskState } from "./persistence/disk-watch.ts";

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
  /** Of the lease under which it serves. */
  epoch: number;
  /** 0 while the server does not renew the lease; see docs/OPERATIONS.md. */
  lease_seconds_left: number;
  /** How the disk under the database keeps up, and what is the matter. */
  storage: DiskState;
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
): (question: HttpQuestion) => Promise<HttpAnswer> {
  const { health, metrics, mode, clusterSecret } = options;
  return async ({ path, authorization }) => {
    if (path === "/health") return json(health(), 200);
    if (path === "/ready") {
      const state = health();
      return json(state, state.status === "serving" ? 200 : 503);
    }
    if (path === "/metrics") {
      const isAllowed = mode === "development" || isBearer(authorization, clusterSecret);
      if (!isAllowed) return text("metrics need the cluster secret", 401);
      return { status: 200, contentType: metrics.contentType, body: await metrics.render() };
    }
    return text("not found", 404);
  };
}

function json(value: ShardHealth, status: number): HttpAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}

function text(body: string, status: number): HttpAnswer {
  return { status, contentType: "text/plain;charset=utf-8", body };
}

import { isBearer } from "#shared/infra/bearer.ts";
import {
  type HoldAnswer,
  type HoldRequest,
  readHoldRequest,
} from "#shared/infra/db/hold-messages.ts";
import { HOLD_PATH } from "#shared/infra/db/hold-path.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { Mode } from "#shared/infra/settings.ts";
import type { HttpAnswer, HttpQuestion } from "./gateway/http-relay.ts";
import type { DiskState } from "./persistence/disk-watch.ts";
import type { RegionsHealth } from "./region/sync/start-region-sync.ts";
import type { ShipState } from "./replication/ship-status.ts";

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
  /** Why it does not; null while it does. */
  bus_trouble: string | null;
  /** Of the lease under which it serves. */
  epoch: number;
  /** 0 while the server does not renew the lease; see docs/OPERATIONS.md. */
  lease_seconds_left: number;
  /** How the disk under the database keeps up, and what is the matter. */
  storage: DiskState;
  /** How the shipping to a replica goes; "off" where there is none. */
  replica: ShipState;
  /** Committed ticks that the replica lacks. */
  replica_lag_ticks: number;
  /** Of a world that regions have in common; null for any other. */
  regions: RegionsHealth | null;
}

export interface ShardHttpOptions {
  mode: Mode;
  clusterSecret: string;
  metrics: Metrics;
  health: () => ShardHealth;
  /** Lets the database be copied. */
  hold: (request: HoldRequest) => Promise<HoldAnswer>;
}

/**
 * `/health`, `/ready` and `/metrics`, which in production need the cluster secret, and `/hold`,
 * which always does.
 */
export function createShardHttp(
  options: ShardHttpOptions,
): (question: HttpQuestion) => Promise<HttpAnswer> {
  const { health, metrics, mode, clusterSecret, hold } = options;
  return async ({ path, method, search, authorization }) => {
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
    if (path === HOLD_PATH) {
      if (!isBearer(authorization, clusterSecret)) return text("a hold needs the secret", 401);
      const request = readHoldRequest(method, search);
      if (request === undefined) return text("send POST, PUT or DELETE with ?id=UUID", 400);
      const answer = await hold(request);
      return json(answer, answer.held ? 200 : 409);
    }
    return text("not found", 404);
  };
}

function json(value: ShardHealth | HoldAnswer, status: number): HttpAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}

function text(body: string, status: number): HttpAnswer {
  return { status, contentType: "text/plain;charset=utf-8", body };
}

import { isBearer } from "#shared/infra/bearer.ts";
import { listenOnFreePort } from "#shared/infra/listen.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { ShardConfig } from "../../config.ts";
import type { FollowState } from "./follow-status.ts";

/** What a standby says of itself on the port on which it will serve. */
export interface StandbyHealth {
  status: "standby" | "taking over";
  shard: string;
  /** Whether it would take over if the owner were gone now. */
  can_take_over: boolean;
  /** Last tick that it has stepped through; 0 before the first. */
  tick: number;
  players: number;
  /** Behind the last tick that the owner told of. */
  lag_ticks: number;
  replica: FollowState;
  /** What is the matter, and what to do. */
  text: string;
}

export interface StandbyHttp {
  readonly port: number;
  close(): Promise<void>;
}

/** `/health`, `/ready`, which a standby never is, and `/metrics` as a shard has it. */
export async function serveStandby(options: {
  config: ShardConfig;
  metrics: Metrics;
  health: () => StandbyHealth;
}): Promise<StandbyHttp> {
  const { config, metrics, health } = options;
  const { host, port, mode, clusterSecret } = config;
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === "/health") return Response.json(health());
    if (pathname === "/ready") return Response.json(health(), { status: 503 });
    if (pathname !== "/metrics") return new Response("not found", { status: 404 });
    const credential = request.headers.get("authorization") ?? undefined;
    const isAllowed = mode === "development" || isBearer(credential, clusterSecret);
    if (!isAllowed) return new Response("metrics need the cluster secret", { status: 401 });
    return new Response(await metrics.render(), {
      headers: { "content-type": metrics.contentType },
    });
  };
  const place = { host, port, mode, setting: "TESSERA_SHARD_PORT" } as const;
  const server = await listenOnFreePort(place, (wanted) =>
    Bun.serve({ hostname: host, port: wanted, fetch: answer }),
  );
  return { port: server.port ?? port, close: () => server.stop(true) };
}

import { expect, test } from "bun:test";
import { createMetrics } from "#shared/infra/metrics.ts";
import { createShardHttp } from "./http.ts";

const SECRET = "Rk3v9xTq7LmZ2wBn5cYh8dJf4gSp6aUe";

test("security 10: in production a shard's metrics want the cluster secret", async () => {
  const metrics = createMetrics({ process: "shard" });
  const answer = createShardHttp({
    mode: "production",
    clusterSecret: SECRET,
    metrics,
    health: () => {
      throw new Error("nobody asked for it");
    },
    hold: async () => ({ held: false, reason: "nobody asked for it" }),
  });
  const ask = async (path: string, authorization?: string) => {
    const { status } = await answer({ path, method: "GET", search: "", authorization });
    return status;
  };
  expect(await ask("/metrics")).toBe(401);
  expect(await ask("/metrics", `Bearer ${SECRET.slice(1)}`)).toBe(401);
  expect(await ask("/metrics", `Bearer ${SECRET}`)).toBe(200);
  for (const path of ["/console", "/docs", "/api/openapi.json"]) expect(await ask(path)).toBe(404);
  metrics.close();
});

// Whether the ports are free, or taken by who should have them.
import type { Mode } from "#shared/infra/settings.ts";
import { type Finding, reasonOf } from "./finding.ts";

const HEALTH_MS_MAX = 1_000;

export interface PortPlan {
  readonly host: string;
  readonly mode: Mode;
  readonly serverPort: number;
  readonly shardPort: number;
  /** Shards of this machine, which take ports one after the other. */
  readonly shards: number;
}

/** The server's port and those of the shards. */
export async function checkPorts(plan: PortPlan): Promise<Finding[]> {
  const { serverPort, shardPort, shards } = plan;
  const wanted = [
    { port: serverPort, setting: "TESSERA_PORT" },
    ...Array.from({ length: shardPort === 0 ? 0 : shards }, (_, index) => {
      return { port: shardPort + index, setting: "TESSERA_SHARD_PORT" };
    }),
  ];
  return await Promise.all(
    wanted.filter(({ port }) => port !== 0).map((one) => checkPort(plan, one)),
  );
}

async function checkPort(
  { host, mode }: PortPlan,
  { port, setting }: { port: number; setting: string },
): Promise<Finding> {
  const check = `port ${port}`;
  const refusal = tryPort(host, port);
  if (refusal === undefined) return { check, status: "ok", text: "free" };
  if (refusal !== "EADDRINUSE") {
    const fix = `set ${setting} to a port that this user may open, and TESSERA_HOST to an address`;
    return { check, status: "problem", text: `${host}:${port} cannot be had: ${refusal}`, fix };
  }
  const holder = await askHolder(host, port);
  if (holder !== undefined) return { check, status: "ok", text: `${holder} serves there` };
  const fix = `stop the program that holds it, or set ${setting} to a free one`;
  const text = "another program listens there";
  return mode === "production"
    ? { check, status: "problem", text, fix }
    : { check, status: "warning", text: `${text}; in development the next free one is used`, fix };
}

/** Why a port cannot be had. */
function tryPort(hostname: string, port: number): string | undefined {
  try {
    Bun.listen({ hostname, port, socket: { data: () => undefined } }).stop(true);
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : reasonOf(error);
  }
}

/** A process of Tessera names itself at /health. */
async function askHolder(host: string, port: number): Promise<string | undefined> {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${name.includes(":") ? `[${name}]` : name}:${port}/health`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(HEALTH_MS_MAX) });
    const health: unknown = await response.json();
    if (typeof health !== "object" || health === null) return undefined;
    if ("shard" in health) return `shard ${health.shard}`;
    return "shards" in health ? "a server" : undefined;
  } catch {
    return undefined;
  }
}

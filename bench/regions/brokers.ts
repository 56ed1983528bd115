import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNatsServer } from "#shared/infra/services/nats-server.ts";
import { startRedisServer } from "#shared/infra/services/redis-server.ts";

/** Brokers that regions can meet on. */
export type BrokerName = "redis" | "nats";

/** A broker of its own, gone with all it held when it is disposed of. */
export interface Broker extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The same broker behind another port. */
  at(port: number): string;
  /** It loses all that it holds, and starts again. */
  wipe(): Promise<void>;
}

/** Starts a broker in a folder of its own. */
export async function startBroker(name: BrokerName): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), `tessera-${name}-`));
  const start = name === "nats" ? startNatsServer : startRedisServer;
  const { service, url } = await start({ folder: join(folder, name) });
  return {
    url,
    port: service.port,
    at: (port) => url.replace(`:${service.port}`, `:${port}`),
    async wipe() {
      await service.wipe();
      await service.restart();
    },
    async [Symbol.asyncDispose]() {
      await service.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNatsServer } from "#shared/infra/services/nats-server.ts";
import { startRedisServer } from "#shared/infra/services/redis-server.ts";
import { askPort, type ServiceProcess } from "#shared/infra/services/service-process.ts";
import { batchTopicOf } from "../../shards/region/sync/region-link.ts";

/** Brokers that regions can meet on. */
export type BrokerName = "redis" | "nats";

/** A broker of its own, gone with all it held when it is disposed of. */
export interface Broker extends AsyncDisposable {
  readonly service: ServiceProcess;
  readonly url: string;
  readonly port: number;
  /** The same broker behind another port. */
  at(port: number): string;
  /** It loses all that it holds, and starts again. */
  wipe(): Promise<void>;
  /** The batches of a world are gone, as when the time is over for which they are kept. */
  forgetBatches(world: string): Promise<void>;
}

/** Starts a broker in a folder of its own. */
export async function startBroker(name: BrokerName): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), `tessera-${name}-`));
  const start = name === "nats" ? startNatsServer : startRedisServer;
  const { service, url } = await start({ folder: join(folder, name) });
  const wipe = async () => {
    await service.wipe();
    await service.restart();
  };
  return {
    service,
    url,
    port: service.port,
    at: (port) => url.replace(`:${service.port}`, `:${port}`),
    wipe,
    async forgetBatches(world) {
      // NATS is told so in no line of text: it begins anew without its files.
      if (name === "nats") return await wipe();
      const stream = `tessera:stream:{${batchTopicOf(world)}}`;
      const answer = await askPort(service.port, `XTRIM ${stream} MAXLEN 0\r\n`);
      if (!/^:[1-9]/.test(answer)) throw new Error(`cannot trim ${stream}: ${answer}`);
    },
    async [Symbol.asyncDispose]() {
      await service.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

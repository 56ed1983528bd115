import { startNatsServer } from "#shared/infra/services/nats-server.ts";
import { startRedisServer } from "#shared/infra/services/redis-server.ts";
import { askPort, type ServiceProcess } from "#shared/infra/services/service-process.ts";

/** What a deployment may meet on. */
export type BrokerKind = "redis" | "nats";

/** A broker of either kind, and the three ways in which it may fail. */
export interface Broker {
  readonly kind: BrokerKind;
  readonly url: string;
  readonly service: ServiceProcess;
  /** It forgets all that it holds. */
  flush(): Promise<void>;
}

/** Starts one in `folder`. */
export async function startBroker(kind: BrokerKind, folder: string): Promise<Broker> {
  const start = kind === "redis" ? startRedisServer : startNatsServer;
  const { service, url } = await start({ folder });
  return {
    ...{ kind, url, service },
    async flush() {
      if (kind === "redis") {
        await askPort(service.port, "FLUSHALL\r\n");
        return;
      }
      // NATS has no such command: it begins anew without its files.
      await service.wipe();
      await service.restart();
    },
  };
}

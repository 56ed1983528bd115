import type { LinkTimings } from "#shared/infra/broker-link.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Clock } from "#shared/time/clock.ts";
import { BrokerBus } from "./broker-bus.ts";
import { HubSocket } from "./hub-socket.ts";

export interface LocalBusOptions {
  /** The server's address, e.g. http://127.0.0.1:8088. */
  serverUrl: string;
  clusterSecret: string;
  /** Shard key or server id, named in each message. */
  source: string;
  clock: Clock;
  log: Log;
  timings?: Partial<LinkTimings>;
}

/**
 * A process's end of the local bus: one WebSocket to the server's hub. It reconnects by itself for
 * as long as it lives; meanwhile messages wait in a bounded queue.
 */
export class LocalBus extends BrokerBus {
  constructor(options: LocalBusOptions) {
    const { serverUrl, clusterSecret, source, clock, log, timings } = options;
    super({
      ...{ kind: "local", name: serverUrl, source, clock, log, timings },
      open: (deliver) => HubSocket.open({ serverUrl, clusterSecret, deliver }),
    });
  }
}

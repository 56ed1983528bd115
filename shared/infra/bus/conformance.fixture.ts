// A place for buses of one kind, with the broker that they meet on.
import { join } from "node:path";
import type { LinkTimings } from "#shared/infra/broker-link.ts";
import { createLog } from "#shared/infra/log.ts";
import { startNatsServer } from "#shared/infra/services/nats-server.ts";
import { startRedisServer } from "#shared/infra/services/redis-server.ts";
import type { ServiceProcess } from "#shared/infra/services/service-process.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { systemClock } from "#shared/time/clock.ts";
import type { Retention } from "./broker-connection.ts";
import type { Bus } from "./bus.ts";
import { serveHub } from "./hub.fixture.ts";
import { LocalBus } from "./local-bus.ts";
import { NatsBus, type NatsBusOptions } from "./nats-bus.ts";
import { RedisBus, type RedisBusOptions } from "./redis-bus.ts";

/** Small, so that tests do not wait. */
const TIMINGS: LinkTimings = {
  callMs: 1_000,
  openMs: 2_000,
  pingEveryMs: 50,
  pingMs: 1_000,
  retryMsMin: 10,
  retryMsMax: 100,
};
const RETENTION: Partial<Retention> = { staleMs: 500, lengthMax: 10_000 };

/** A broker and the buses that are on it. */
export interface BusHouse extends AsyncDisposable {
  /** One more process of the deployment. */
  connect(source: string): Bus;
  /** SIGKILL or its like. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** All that it holds is gone. */
  flush(): Promise<void>;
  /** It holds its connections and answers nothing, until `thaw`; undefined where it cannot. */
  readonly freeze: (() => void) | undefined;
  thaw(): void;
  /** Every line that a bus logged. */
  readonly lines: string[];
}

export const busKinds = { local: localHouse, redis: redisHouse, nats: natsHouse } satisfies Record<
  string,
  () => Promise<BusHouse>
>;

async function localHouse(): Promise<BusHouse> {
  const { lines, log } = createLines();
  let hub = serveHub({ retention: RETENTION, log });
  const buses: Bus[] = [];
  return {
    lines,
    connect(source) {
      const { url: serverUrl } = hub;
      const parts = { source, clock: systemClock, log, timings: TIMINGS };
      const bus = new LocalBus({ serverUrl, clusterSecret: "secret", ...parts });
      buses.push(bus);
      return bus;
    },
    kill: () => hub.stop(),
    async restart() {
      hub = serveHub({ port: hub.port, retention: RETENTION, log });
    },
    async flush() {
      await hub.stop();
      hub = serveHub({ port: hub.port, retention: RETENTION, log });
    },
    freeze: undefined,
    thaw: () => undefined,
    async [Symbol.asyncDispose]() {
      await Promise.all(buses.map((bus) => bus.close()));
      await hub.stop();
    },
  };
}

function redisHouse(): Promise<BusHouse> {
  return brokerHouse(startRedisServer, RedisBus);
}

function natsHouse(): Promise<BusHouse> {
  return brokerHouse(startNatsServer, NatsBus);
}

async function brokerHouse(
  start: (options: { folder: string }) => Promise<{ service: ServiceProcess; url: string }>,
  Kind: new (options: RedisBusOptions & NatsBusOptions) => Bus,
): Promise<BusHouse> {
  const { lines, log } = createLines();
  const folder = createTempDir();
  const { service, url } = await start({ folder: join(folder.path, "broker") });
  const buses: Bus[] = [];
  return {
    lines,
    connect(source) {
      const parts = { source, clock: systemClock, log, timings: TIMINGS, retention: RETENTION };
      const bus = new Kind({ url, ...parts });
      buses.push(bus);
      return bus;
    },
    kill: () => service.kill(),
    restart: () => service.restart(),
    async flush() {
      await service.wipe();
      await service.restart();
    },
    freeze: () => service.freeze(),
    thaw: () => service.thaw(),
    async [Symbol.asyncDispose]() {
      await Promise.all(buses.map((bus) => bus.close()));
      await service.stop();
      folder[Symbol.dispose]();
    },
  };
}

function createLines() {
  const lines: string[] = [];
  return { lines, log: createLog({ process: "test", write: (line) => void lines.push(line) }) };
}

// Real brokers for tests, each in a folder that goes with it.
import { join } from "node:path";
import { startNatsServer } from "#shared/infra/services/nats-server.ts";
import { startRedisServer } from "#shared/infra/services/redis-server.ts";
import type { ServiceProcess } from "#shared/infra/services/service-process.ts";
import { createTempDir } from "./temp-dir.ts";

export interface TestBroker extends AsyncDisposable {
  /** What TESSERA_BUS is set to. */
  readonly url: string;
  readonly service: ServiceProcess;
}

/** A redis-server on a free port; it asks for the password where there is one. */
export async function startRedis(password?: string): Promise<TestBroker> {
  const given = password === undefined ? {} : { password };
  return await inFolder((folder) => startRedisServer({ folder, ...given }));
}

/** A nats-server on a free port; it asks for the token where there is one. */
export async function startNats(token?: string): Promise<TestBroker> {
  const given = token === undefined ? {} : { token };
  return await inFolder((folder) => startNatsServer({ folder, ...given }));
}

async function inFolder(
  start: (folder: string) => Promise<{ service: ServiceProcess; url: string }>,
): Promise<TestBroker> {
  const folder = createTempDir();
  const started = await start(join(folder.path, "broker"));
  return {
    ...started,
    async [Symbol.asyncDispose]() {
      await started.service.stop();
      folder[Symbol.dispose]();
    },
  };
}

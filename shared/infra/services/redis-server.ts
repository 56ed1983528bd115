import { mkdirSync, rmSync } from "node:fs";
import { findProgram } from "./find-program.ts";
import { askPort, ServiceProcess } from "./service-process.ts";

export interface RedisServerOptions {
  /** Where it keeps what it holds; made when there is none. */
  readonly folder: string;
  /** 0 takes any free one; a taken one means the next that is free. */
  readonly port?: number;
  /** Without one nobody is asked. */
  readonly password?: string;
}

/** A redis-server that writes each change to the disk before it answers. */
export async function startRedisServer(options: RedisServerOptions) {
  const { folder, port = 0, password } = options;
  const program = findProgram("redis-server", "redis-server");
  const service = await ServiceProcess.start(
    {
      name: "redis-server",
      command: (at) => {
        mkdirSync(folder, { recursive: true });
        return [
          ...[program, "--port", String(at), "--bind", "127.0.0.1", "--dir", folder],
          ...["--appendonly", "yes", "--appendfsync", "always", "--save", ""],
          ...(password === undefined ? [] : ["--requirepass", password]),
        ];
      },
      // While it still reads its file it says LOADING.
      answers: async (at) => /^(\+PONG|-NOAUTH)/.test(await askPort(at, "PING\r\n")),
      forget: () => rmSync(folder, { recursive: true, force: true }),
    },
    port,
  );
  const login = password === undefined ? "" : `:${encodeURIComponent(password)}@`;
  return { service, url: `redis://${login}127.0.0.1:${service.port}` };
}

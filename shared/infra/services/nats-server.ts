import { mkdirSync, rmSync } from "node:fs";
import { findProgram } from "./find-program.ts";
import { askPort, ServiceProcess } from "./service-process.ts";

export interface NatsServerOptions {
  /** Where JetStream keeps what it holds; made when there is none. */
  readonly folder: string;
  /** 0 takes any free one; a taken one means the next that is free. */
  readonly port?: number;
  /** Without one nobody is asked. */
  readonly token?: string;
}

/** A nats-server with JetStream. */
export async function startNatsServer({ folder, port = 0, token }: NatsServerOptions) {
  const program = findProgram("nats-server", "nats-server");
  const service = await ServiceProcess.start(
    {
      name: "nats-server",
      command: (at) => {
        mkdirSync(folder, { recursive: true });
        return [
          ...[program, "--addr", "127.0.0.1", "--port", String(at)],
          ...["--jetstream", "--store_dir", folder],
          ...(token === undefined ? [] : ["--auth", token]),
        ];
      },
      answers: async (at) => (await askPort(at, "")).startsWith("INFO "),
      forget: () => rmSync(folder, { recursive: true, force: true }),
    },
    port,
  );
  const login = token === undefined ? "" : `${encodeURIComponent(token)}@`;
  return { service, url: `nats://${login}127.0.0.1:${service.port}` };
}

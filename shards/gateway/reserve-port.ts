/** A port that this process alone holds, though several of its threads listen on it. */
export interface ReservedPort {
  readonly port: number;
  release(): void;
}

/**
 * Makes sure that nobody else listens on a port before several gateways share it. Linux lets every
 * process of a user join a shared port, and two shards on one port would each get half of the
 * other's players. So the port is tried alone first, and a name in the machine's abstract socket
 * namespace is held for as long as it is in use. Throws EADDRINUSE when it is taken.
 */
export function reservePort(host: string, port: number): ReservedPort {
  const probe = Bun.serve({ hostname: host, port, fetch: () => new Response() });
  const found = probe.port ?? port;
  try {
    const name = Bun.listen({
      unix: `\0tessera-port-${host}-${found}`,
      socket: { data: () => undefined },
    });
    return { port: found, release: () => name.stop(true) };
  } finally {
    probe.stop(true);
  }
}

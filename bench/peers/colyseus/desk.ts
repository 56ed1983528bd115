// Where a process of the peer tells its figures: over HTTP, so that anything can ask.

export interface Desk {
  /** Ends with a slash; `figures` and `reset` follow. */
  readonly href: string;
}

/** Opens a desk on a free port of this machine. */
export function openDesk(figures: { read(): object; reset(): void }): Desk {
  const { url } = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/figures": () => Response.json(figures.read()),
      "/reset": () => {
        figures.reset();
        return new Response();
      },
    },
  });
  return { href: url.href };
}

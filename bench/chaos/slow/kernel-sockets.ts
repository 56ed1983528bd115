// What the kernel holds for TCP connections of this machine: Linux' /proc/net/tcp, see proc(5).
import { readFileSync } from "node:fs";

/** Both ends of a connection that runs within this machine. */
export interface KernelConnection {
  /** The server's end still takes part: it has not closed. */
  isOpen: boolean;
  /** Bytes that the server's kernel has not got rid of. */
  serverBytes: number;
  /** Bytes that wait for the client's program. */
  clientBytes: number;
}

const ESTABLISHED = "01";

/** Connections to a port of this machine, by the client's port; IPv4. */
export function readKernelConnections(serverPort: number): Map<number, KernelConnection> {
  const found = new Map<number, KernelConnection>();
  const of = (port: number) => {
    const known = found.get(port) ?? { isOpen: false, serverBytes: 0, clientBytes: 0 };
    found.set(port, known);
    return known;
  };
  for (const line of readFileSync("/proc/net/tcp", "latin1").split("\n").slice(1)) {
    const [, local = "", remote = "", state, queues = ""] = line.trim().split(/\s+/);
    const [localPort, remotePort] = [portOf(local), portOf(remote)];
    const [sent = 0, received = 0] = queues.split(":").map((text) => Number.parseInt(text, 16));
    if (localPort === serverPort && remotePort !== 0) {
      const connection = of(remotePort);
      connection.isOpen = state === ESTABLISHED;
      connection.serverBytes = sent;
    } else if (remotePort === serverPort) {
      of(localPort).clientBytes = received;
    }
  }
  return found;
}

/** `0100007F:1F90` */
function portOf(address: string): number {
  return Number.parseInt(address.slice(address.indexOf(":") + 1), 16);
}

// Free ports for processes that must be told theirs.
import { createServer } from "node:net";

/** A TCP port of 127.0.0.1 on which nothing listens right now; prefer port 0 where it can be. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") {
    throw new Error("cannot find a free port: the probe has no address");
  }
  return address.port;
}

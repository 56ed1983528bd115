import type { ServerDeps } from "../../deps.ts";

/** What the use cases of leases work with. */
export type LeaseDeps = Pick<ServerDeps, "database" | "log" | "epochs" | "leaseNowMs">;

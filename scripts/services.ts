// `bun run services`: the services that a deployment may use beside its own processes, for trying
// them on this machine: a libSQL server and a replica of it, Redis and NATS.
import { bootstrap } from "./bootstrap.ts";

await bootstrap();
const { runServices } = await import("./services/run-services.ts");
await runServices(process.env);

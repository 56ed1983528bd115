// `bun start`: everything on this machine, on embedded defaults.
import { bootstrap } from "./bootstrap.ts";

await bootstrap();
const { supervise } = await import("./start/supervisor.ts");
await supervise(process.argv.slice(2), process.env);

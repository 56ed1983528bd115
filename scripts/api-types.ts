// `bun run api-types DIR`: the API's types by themselves, for clients in another repository.
import { resolve } from "node:path";
import { bootstrap } from "./bootstrap.ts";

await bootstrap();
const { writeApiTypes } = await import("./steps/api-types.ts");
const [folder] = process.argv.slice(2);
if (folder === undefined || folder.startsWith("-")) {
  console.log("bun run api-types DIR\n  writes app-router.d.ts, which needs @trpc/server and zod");
  process.exit(folder === "--help" || folder === "-h" ? 0 : 64);
}
await writeApiTypes(resolve(folder));
console.log(`types are in ${resolve(folder)}; import type { AppRouter } from "./app-router.js"`);

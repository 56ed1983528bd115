// `bun run test [files or options of bun test]`: all tests, with what they need.
// The last line is always `N passed, N failed`.
import { bootstrap } from "./bootstrap.ts";

await bootstrap();
const { runTests } = await import("./steps/run-tests.ts");
process.exit(await runTests(process.argv.slice(2)));

// `bun run generate`: writes what is made from the .proto files, the database schemas and the
// catalogue of settings.
import { join } from "node:path";
import { bootstrap, ROOT } from "./bootstrap.ts";

await bootstrap();
const { generateProto } = await import("./steps/generated.ts");
const { writeSettingsTable } = await import("./steps/settings-table.ts");
writeSettingsTable();
if (!(await generateProto(join(ROOT, "proto")))) process.exit(1);
const migrations = Bun.spawn(
  [process.execPath, join(ROOT, "shared/infra/db/generate-migrations.ts")],
  { cwd: ROOT, stdio: ["inherit", "inherit", "inherit"] },
);
process.exit(await migrations.exited);

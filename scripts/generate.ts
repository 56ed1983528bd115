// `bun run generate`: writes what is generated from the .proto files and the database schemas.
import { join } from "node:path";
import { bootstrap, ROOT } from "./bootstrap.ts";

await bootstrap();
const { generateProto } = await import("./steps/generated.ts");
if (!(await generateProto(join(ROOT, "proto")))) process.exit(1);
const migrations = Bun.spawn(
  [process.execPath, join(ROOT, "shared/infra/db/generate-migrations.ts")],
  { cwd: ROOT, stdio: ["inherit", "inherit", "inherit"] },
);
process.exit(await migrations.exited);

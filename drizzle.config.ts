import { defineConfig } from "drizzle-kit";

/** Databases that have migrations; `shared/infra/db/generate-migrations.ts` runs once for each. */
const name = process.env.DRIZZLE_DATABASE ?? "control";

export default defineConfig({
  dialect: "sqlite",
  schema: `./shared/infra/db/schema/${name}.ts`,
  out: `./shared/infra/db/migrations/${name}`,
});

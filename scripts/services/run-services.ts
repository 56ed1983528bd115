import { join, resolve } from "node:path";
import { runProcess } from "#shared/infra/process.ts";
import { type SqldPair, startSqldPair } from "#shared/infra/services/sqld-pair.ts";
import { type Environment, readSettings } from "#shared/infra/settings.ts";

/** The replica takes the port after it. */
const PORT = 8090;

/** Runs a sqld and its replica until it is told to stop; when one ends by itself, so does all. */
export async function runServices(environment: Environment): Promise<void> {
  await runProcess("services", async () => {
    const { TESSERA_DATA } = readSettings(["TESSERA_DATA"], environment);
    const folder = resolve(TESSERA_DATA, "services");
    const pair = await startSqldPair(folder, PORT);
    let isStopping = false;
    for (const name of ["primary", "replica"] as const) {
      void pair[name].exited.then(async (code) => {
        if (isStopping) return;
        isStopping = true;
        console.error(`tessera | the ${name} sqld ended with code ${code}; the other one stops`);
        await pair[Symbol.asyncDispose]();
        process.exit(1);
      });
    }
    console.log(await describe(pair, folder));
    return {
      async stop() {
        isStopping = true;
        await pair[Symbol.asyncDispose]();
        console.log("tessera | services stopped");
      },
    };
  });
}

async function describe({ primary, replica, keys }: SqldPair, folder: string): Promise<string> {
  const [writes, reads] = [await keys.sign("rw"), await keys.sign("ro")];
  return [
    "",
    "  libSQL servers are running",
    "",
    `    primary   ${primary.url}   ${join(folder, "primary")}`,
    `    replica   ${replica.url}   ${join(folder, "replica")}`,
    "",
    "  A shard ships to the primary with these settings:",
    "",
    `TESSERA_LIBSQL_URL=${primary.url}`,
    `TESSERA_LIBSQL_TOKEN=${writes}`,
    "",
    "  A standby reads the replica with these and the two above:",
    "",
    `TESSERA_STANDBY_URL=${replica.url}`,
    `TESSERA_STANDBY_TOKEN=${reads}`,
    "",
    "  Each holds one shard's database. Tokens live 30 days. Ctrl-C stops both in order.",
    "",
  ].join("\n");
}

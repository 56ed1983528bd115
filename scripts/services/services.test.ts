import { expect, test } from "bun:test";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { prefixLines } from "#shared/infra/supervision/prefix-lines.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";

const MAIN = join(import.meta.dir, "../services.ts");

test("services say where they are and with which settings, and stop in order", async () => {
  using folder = createTempDir();
  const child = Bun.spawn([process.execPath, MAIN], {
    env: { PATH: process.env.PATH, TESSERA_DATA: folder.path },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const reading = prefixLines(child.stdout, "", (line) => lines.push(line));
  const setting = (name: string) => {
    const line = lines.find((one) => one.startsWith(`TESSERA_${name}=`));
    return line?.slice(line.indexOf("=") + 1) ?? "";
  };
  await until("the addresses", () => lines.some((line) => line.includes("Ctrl-C")));
  for (const role of ["LIBSQL", "STANDBY"]) {
    const place = { url: setting(`${role}_URL`), authToken: setting(`${role}_TOKEN`) };
    expect((await createClient(place).execute("SELECT 1")).rows).toHaveLength(1);
  }
  const buses = lines.filter((line) => line.startsWith("TESSERA_BUS="));
  expect(buses.map((line) => new URL(line.slice(line.indexOf("=") + 1)).protocol)).toEqual([
    "redis:",
    "nats:",
  ]);
  const second = Bun.spawn([process.execPath, MAIN], {
    env: { PATH: process.env.PATH, TESSERA_DATA: folder.path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(await second.exited).toBe(78);
  expect(await new Response(second.stderr).text()).toContain(
    "cannot start services: others run over",
  );
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  await reading;
  expect(lines.at(-1)).toBe("tessera | services stopped");
  await expect(fetch(setting("LIBSQL_URL"))).rejects.toThrow();
});

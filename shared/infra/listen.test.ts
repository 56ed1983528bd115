import { expect, test } from "bun:test";
import { listenOnFreePort } from "./listen.ts";
import type { Mode } from "./settings.ts";

const serve = (port: number) =>
  Bun.serve({ hostname: "127.0.0.1", port, fetch: () => new Response("here") });
const place = (port: number, mode: Mode) =>
  ({ host: "127.0.0.1", port, mode, setting: "TESSERA_PORT" }) as const;

test("in development a taken port means a later one", async () => {
  const first = serve(0);
  const second = await listenOnFreePort(place(first.port ?? 0, "development"), serve);
  expect(second.port).toBeGreaterThan(first.port ?? 0);
  await Promise.all([first.stop(true), second.stop(true)]);
});

test("in production it stops the start and says what to do", async () => {
  const first = serve(0);
  const listening = listenOnFreePort(place(first.port ?? 0, "production"), serve);
  await expect(listening).rejects.toThrow(
    `cannot listen on 127.0.0.1:${first.port}: the port is taken; stop the process that holds ` +
      "it or set TESSERA_PORT to a free one",
  );
  await first.stop(true);
});

test("another reason is told, with the settings to check", async () => {
  const start = () => {
    throw new Error("no such address");
  };
  await expect(listenOnFreePort(place(1, "development"), start)).rejects.toThrow(
    "cannot listen on 127.0.0.1:1: no such address; check TESSERA_HOST and TESSERA_PORT",
  );
});

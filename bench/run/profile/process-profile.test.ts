import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { listProfiles, profileEnvironment, profileProcess } from "./process-profile.ts";

const Profile = z.object({
  nodes: z.array(z.object({ id: z.number(), callFrame: z.object({ functionName: z.string() }) })),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

test("a profile holds the functions of every thread of the process", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tessera-profile-"));
  const ready = Promise.withResolvers<void>();
  const enough = Promise.withResolvers<void>();
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "busy.fixture.ts")], {
    env: { ...process.env, ...profileEnvironment(folder) },
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message) => (message === "ready" ? ready.resolve() : enough.resolve()),
  });
  try {
    await ready.promise;
    await profileProcess({ pid: child.pid, folder }, () => {
      child.send("work");
      return enough.promise;
    });
    const names = listProfiles(folder).map((file) => basename(file));
    expect(names).toEqual([
      "profile-busy.fixture-0.cpuprofile",
      "profile-busy.fixture-1.cpuprofile",
      "profile-busy.fixture-2.cpuprofile",
    ]);
    const [main = "", worker = ""] = await Promise.all(
      names.slice(0, 2).map(async (name) => JSON.stringify(await readSampled(join(folder, name)))),
    );
    expect(main).toContain("busyInMain");
    expect(worker).toContain("busyInWorker");
    expect(main).not.toContain("busyInWorker");
  } finally {
    child.disconnect();
    await child.exited;
    rmSync(folder, { recursive: true });
  }
});

/** Names of the functions in which samples were taken, and of those that called them. */
async function readSampled(file: string): Promise<string[]> {
  const { nodes, samples, timeDeltas } = Profile.parse(await Bun.file(file).json());
  expect(samples.length).toBeGreaterThan(0);
  expect(timeDeltas).toHaveLength(samples.length);
  return nodes.map(({ callFrame }) => callFrame.functionName);
}

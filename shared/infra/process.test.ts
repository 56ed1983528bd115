import { describe, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";

const fixture = fileURLToPath(new URL("./process.fixture.ts", import.meta.url));

function start(behaviour: string) {
  const ready = Promise.withResolvers<unknown>();
  const child = Bun.spawn([process.execPath, fixture, behaviour], {
    ipc: (message) => ready.resolve(message),
    stdout: "pipe",
    stderr: "pipe",
  });
  return {
    child,
    ready: ready.promise,
    output: new Response(child.stdout).text(),
    errors: new Response(child.stderr).text(),
  };
}

describe("runProcess", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s leads to an ordered stop, code 0",
    async (signal) => {
      const { child, ready, output } = start("works");
      expect(await ready).toEqual({
        type: "ready",
        url: expect.stringMatching(/^http:/),
        behaviour: "works",
      });
      child.kill(signal);
      expect(await child.exited).toBe(0);
      expect(await output).toBe("ready\nstopping\nsaved\n");
    },
  );

  test("a wrong setting leaves with 78 and nothing but its message", async () => {
    const { child, errors } = start("wrong setting");
    expect(await child.exited).toBe(78);
    expect(await errors).toBe("cannot use X=1: allowed is 2\n");
  });

  test("what may be there later leaves with 75 and nothing but its message", async () => {
    const { child, errors } = start("too early");
    expect(await child.exited).toBe(75);
    expect(await errors).toBe("cannot find X: it is away\n");
  });

  test("a start that waits ends with the signal, code 0", async () => {
    const { child, ready, errors } = start("waits");
    await ready;
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    expect(await errors).toBe("");
  });

  test("a failed start leaves with 1 and tells why", async () => {
    const { child, errors } = start("broken");
    expect(await child.exited).toBe(1);
    expect(await errors).toBe("cannot start fixture: cannot open the door\n  because of: rust\n");
  });

  test("a stop that fails leaves with 1 and tells why", async () => {
    const { child, ready, errors } = start("fails at stop");
    await ready;
    child.kill("SIGTERM");
    expect(await child.exited).toBe(1);
    expect(await errors).toContain("cannot stop fixture in order: cannot save: the disk is full");
  });

  test("a stop that hangs is forced", async () => {
    const { child, ready, errors } = start("hangs at stop");
    await ready;
    child.kill("SIGTERM");
    expect(await child.exited).toBe(1);
    expect(await errors).toContain("cannot stop fixture in order: it took more than 50 ms; forced");
  });

  test("the same signal told twice, as by `bun run` to its child, is one", async () => {
    const { child, ready, output } = start("works");
    await ready;
    child.kill("SIGTERM");
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    expect(await output).toBe("ready\nstopping\nsaved\n");
  });

  test("a second signal does not wait", async () => {
    const child = Bun.spawn([process.execPath, fixture, "hangs for good"], { stdout: "pipe" });
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    while (!seen.includes("ready")) seen += (await lines.read()).value ?? "";
    child.kill("SIGINT");
    while (!seen.includes("stopping")) seen += (await lines.read()).value ?? "";
    child.kill("SIGINT");
    expect(await child.exited).toBe(1);
  });

  test("a process that lost its supervisor stops by itself", async () => {
    const { child, ready, output } = start("works");
    await ready;
    child.disconnect();
    expect(await child.exited).toBe(0);
    expect(await output).toContain("saved");
  });
});

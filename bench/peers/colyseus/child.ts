// The processes of a run: each says in its first line where it is to be found.
import { join } from "node:path";

/** A process that ends when this one does, however that ends. */
export interface Child<Hello> extends AsyncDisposable {
  readonly hello: Hello;
}

/** Starts a script of this folder and waits for its first line, which is JSON. */
export async function startChild<Hello>(
  script: string,
  words: readonly string[],
  readyMs: number,
): Promise<Child<Hello>> {
  const running = Bun.spawn([process.execPath, join(import.meta.dir, script), ...words], {
    env: { ...process.env, NODE_ENV: "production" },
    stdout: "pipe",
    stderr: "inherit",
    // Nothing is said over it, but its end tells the child that this process is gone.
    ipc() {},
  });
  const stop = async () => {
    running.kill();
    await running.exited;
  };
  try {
    const hello: Hello = JSON.parse(await readLine(running.stdout, readyMs));
    return { hello, [Symbol.asyncDispose]: stop };
  } catch (cause) {
    await stop();
    throw new Error(`cannot start ${script}: it was not ready in ${readyMs} ms`, { cause });
  }
}

/** To be called by a child: it ends with the process that started it. */
export function endWithParent(): void {
  if (process.send !== undefined) process.on("disconnect", () => process.exit());
}

/** Figures of a process since they were reset. */
export async function askFigures<Figures>(desk: string): Promise<Figures> {
  return (await fetch(new URL("figures", desk))).json() as Promise<Figures>;
}

/** Figures count from here on. */
export async function resetFigures(desk: string): Promise<void> {
  await fetch(new URL("reset", desk));
}

async function readLine(stream: ReadableStream<Uint8Array>, readyMs: number): Promise<string> {
  const reader = stream.getReader();
  const late = setTimeout(() => reader.cancel(), readyMs);
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error(text === "" ? "it said nothing" : text);
      text += new TextDecoder().decode(value);
      const end = text.indexOf("\n");
      if (end >= 0) return text.slice(0, end);
    }
  } finally {
    clearTimeout(late);
    reader.releaseLock();
  }
}

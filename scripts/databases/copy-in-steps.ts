import { open } from "node:fs/promises";

const STEP_BYTES = 4 * 1024 * 1024;

/**
 * Copies a file, step by step onto the disk: much that is written at once would keep the commits of
 * others waiting. `between` is called after each step and may throw to give up.
 */
export async function copyInSteps(
  from: string,
  to: string,
  between: () => Promise<void> = async () => undefined,
): Promise<number> {
  const source = await open(from, "r");
  try {
    const target = await open(to, "wx", 0o600);
    try {
      const buffer = new Uint8Array(STEP_BYTES);
      for (let position = 0; ; ) {
        const { bytesRead } = await source.read(buffer, 0, STEP_BYTES, position);
        if (bytesRead === 0) return position;
        await target.write(buffer, 0, bytesRead, position);
        await target.datasync();
        position += bytesRead;
        await between();
      }
    } finally {
      await target.sync();
      await target.close();
    }
  } finally {
    await source.close();
  }
}

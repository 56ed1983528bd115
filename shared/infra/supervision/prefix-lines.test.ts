import { expect, test } from "bun:test";
import { prefixLines } from "./prefix-lines.ts";

test("lines keep together across chunks and characters across bytes", async () => {
  const bytes = new TextEncoder().encode("one\ntwo ✓\n\nthree");
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const lines: string[] = [];
  await prefixLines(stream, "a | ", (line) => lines.push(line));
  expect(lines).toEqual(["a | one", "a | two ✓", "a | ", "a | three"]);
});

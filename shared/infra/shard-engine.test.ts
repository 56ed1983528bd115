import { expect, test } from "bun:test";
import { join } from "node:path";
import { SHARD_ENGINE } from "./shard-engine.ts";

test("a shard by hand runs like one that is supervised", async () => {
  const manifest = await Bun.file(join(import.meta.dir, "../../package.json")).json();
  const words = Object.entries(SHARD_ENGINE).map(([name, value]) => `${name}=${value}`);
  expect(manifest.scripts.shard).toBe(`${words.join(" ")} bun run shards/main.ts`);
});

// A persistence Worker whose disk fails while there is a file `<database>.fails`, with its text.
import { existsSync, readFileSync } from "node:fs";
import { serveStore } from "./serve-store.ts";
import { ShardStore } from "./shard-store.ts";
import { StorageError } from "./storage-error.ts";

serveStore(async (options) => {
  const store = await ShardStore.open(options);
  const write = store.write.bind(store);
  store.write = async (batch) => {
    const fails = `${options.path}.fails`;
    if (existsSync(fails)) throw new StorageError("passing", readFileSync(fails, "utf8"));
    return await write(batch);
  };
  return store;
});

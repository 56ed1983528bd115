// The persistence Worker: owns the shard's database, since libSQL's file mode blocks its thread.
import { serveStore } from "./serve-store.ts";
import { ShardStore } from "./shard-store.ts";

serveStore(ShardStore.open);

// The persistence Worker: owns the shard's database, since libSQL's file mode blocks its thread.

import { becomeBatchThread } from "../batch-thread.ts";
import { openShippedStore } from "../replication/shipped-store.ts";
import { serveStore } from "./serve-store.ts";

becomeBatchThread();
serveStore(openShippedStore);

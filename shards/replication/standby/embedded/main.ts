// Owns a standby's embedded replica, in a process of its own: libSQL's replicas block their thread,
// and a damaged file can abort the process in native code, which no Worker survives.
import {
  type EmbeddedReplica,
  openEmbeddedReplica,
  removeEmbeddedReplica,
} from "#shared/infra/db/embedded-replica.ts";
import { type Rows, rowsOf } from "../../copy/sql.ts";
import type { FromEmbedded, ToEmbedded } from "./messages.ts";

let path = "";
let replica: EmbeddedReplica | undefined;
let last: Promise<void> = Promise.resolve();

process.on("message", (request: ToEmbedded) => {
  last = last.then(async () => {
    process.send?.(await answer(request));
  });
});
// The standby is gone, however it went.
process.on("disconnect", () => process.exit(0));

async function answer(request: ToEmbedded): Promise<FromEmbedded> {
  const { id } = request;
  try {
    return { id, results: await handle(request) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

async function handle(request: ToEmbedded): Promise<Rows[]> {
  switch (request.kind) {
    case "open":
      path = request.path;
      replica = await openEmbeddedReplica(request);
      break;
    case "sync":
      await replica?.sync();
      break;
    case "read":
      return ((await replica?.client.batch(request.statements, "read")) ?? []).map(rowsOf);
    case "remove":
      replica?.close();
      replica = undefined;
      removeEmbeddedReplica(path);
      break;
  }
  return [];
}

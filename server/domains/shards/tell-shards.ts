import { type BusPayload, TOPIC_ANSWERS, TOPIC_COMMANDS } from "#shared/infra/bus/bus.ts";
import type { ShardKey } from "#shared/model/ids.ts";
import type { ShardsTold } from "#shared/model/shards.ts";
import type { ServerDeps } from "../../deps.ts";

/** A shard that has not answered by then is told of as silent; it may obey all the same. */
const ANSWER_MS_MAX = 3_000;

type Command = NonNullable<Extract<BusPayload, { case: "shardCommand" }>["value"]["command"]>;

/** Asks something of shards over the bus and waits for the answers of all. */
export async function tellShards(
  { bus, clock, stopping }: Pick<ServerDeps, "bus" | "clock" | "stopping">,
  shardKeys: readonly ShardKey[],
  command: Command,
): Promise<ShardsTold> {
  const waiting = new Set<ShardKey>(shardKeys);
  const answers: ShardsTold["answers"] = [];
  if (waiting.size === 0) return { answers, silent: [] };
  const commandId = crypto.randomUUID();
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = bus.subscribe(TOPIC_ANSWERS, ({ payload }) => {
    if (payload.case !== "shardAnswer" || payload.value.commandId !== commandId) return;
    const { players } = payload.value;
    const shardKey = shardKeys.find((key) => key === payload.value.shardKey);
    if (shardKey === undefined || !waiting.delete(shardKey)) return;
    answers.push({ shardKey, players });
    if (waiting.size === 0) resolve();
  });
  const cancel = clock.schedule(ANSWER_MS_MAX, resolve);
  const end = () => resolve();
  stopping.addEventListener("abort", end);
  bus.publish(TOPIC_COMMANDS, {
    case: "shardCommand",
    value: { commandId, shardKeys: [...shardKeys], command },
  });
  await promise;
  stopping.removeEventListener("abort", end);
  cancel();
  unsubscribe();
  return { answers, silent: [...waiting] };
}

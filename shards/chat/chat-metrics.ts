import { ChatRefusal } from "#proto/frame_pb.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { ChatDesk } from "./chat-desk.ts";

const OUTCOMES: readonly (readonly [ChatRefusal, string])[] = [
  [ChatRefusal.UNSPECIFIED, "said"],
  [ChatRefusal.TEXT, "text"],
  [ChatRefusal.TOO_LONG, "too_long"],
  [ChatRefusal.CHANNEL, "channel"],
  [ChatRefusal.TOO_FAST, "too_fast"],
  [ChatRefusal.MUTED, "muted"],
  [ChatRefusal.FORBIDDEN, "forbidden"],
  [ChatRefusal.NOT_FOUND, "not_found"],
  [ChatRefusal.BUSY, "busy"],
  [ChatRefusal.UNAVAILABLE, "unavailable"],
];

/** The families of chat on a shard's `/metrics`. */
export function countChat(metrics: Metrics, desk: ChatDesk): void {
  metrics.counterOf("tessera_chat_lines_total", "What players said, by what became of it.", () =>
    OUTCOMES.map(([reason, outcome]) => ({
      labels: { outcome },
      value: desk.outcomes.get(reason) ?? 0,
    })),
  );
  metrics.counterOf("tessera_chat_lost_total", "Lines that did not reach all, at a bound.", () => [
    { value: desk.lostTotal },
  ]);
  metrics.gaugeOf("tessera_chat_waiting", "Lines that wait for the server or their tick.", () => {
    return desk.waiting;
  });
}

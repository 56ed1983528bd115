import { type Bus, TOPIC_CHAT, TOPIC_PLAYERS, TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import type { ShardConfig } from "../config.ts";
import type { ShardLoop } from "../loop/shard-loop.ts";

/** What the deployment says on the bus goes into the loop's inbox, until the result is called. */
export function listenToBus(
  bus: Pick<Bus, "subscribe">,
  { inbox }: Pick<ShardLoop, "inbox">,
  { shardKey, world }: Pick<ShardConfig, "shardKey" | "world">,
): () => void {
  const stops = [TOPIC_SESSIONS, TOPIC_PLAYERS, TOPIC_CHAT].map((topic) =>
    bus.subscribe(topic, ({ payload }) => {
      if (payload.case === "sessionsRevoked") {
        const { playerId, reason, loginId } = payload.value;
        const login = loginId === "" ? {} : { loginId };
        inbox.push({ kind: "revoke", playerId, reason, ...login });
      } else if (payload.case === "playerMoved") {
        const { playerId, shardKey: there } = payload.value;
        if (there === shardKey || !there.startsWith(`${world}:`)) return;
        inbox.push({ kind: "moved", playerId });
      } else if (payload.case === "playerRenamed") {
        const { playerId, displayName } = payload.value;
        inbox.push({ kind: "rename", playerId, name: displayName });
      } else if (payload.case === "chatSaid") {
        inbox.push({ kind: "said", said: payload.value });
      } else if (payload.case === "chatStandingChanged") {
        inbox.push({ kind: "standing", playerId: payload.value.playerId });
      }
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

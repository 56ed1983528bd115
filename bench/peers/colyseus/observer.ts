// A client with Colyseus' own SDK, which decodes everything: it measures how long an input takes
// until its acknowledgement is seen, and what is in view.
import { Client, type Room } from "@colyseus/sdk";
import { MOVE_MESSAGE, ROOM_NAME } from "./arena.ts";
import type { Arena } from "./state.ts";

export interface Observer {
  readonly room: Room<unknown, Arena>;
  /** Names the player of this client in the state. */
  readonly key: string;
  move(pose: number): void;
  leave(): Promise<void>;
}

/** Joins; `acked` hears the milliseconds from each input to its acknowledgement. */
export async function joinObserving(
  url: string,
  acked: (latencyMs: number) => void,
): Promise<Observer> {
  const room = await new Client(url).joinOrCreate<Arena>(ROOM_NAME);
  await new Promise<void>((resolve) => room.onStateChange.once(() => resolve()));
  // The first state shows the client itself alone.
  const [key = ""] = room.state.players.keys();
  let sequence = 0;
  let sentAt: number | undefined;
  room.onStateChange(() => {
    if (sentAt === undefined || room.state.players.get(key)?.ack !== sequence) return;
    acked(performance.now() - sentAt);
    sentAt = undefined;
  });
  return {
    room,
    key,
    move(pose) {
      sequence = (sequence + 1) & 0xffff;
      // An input that overtakes an unanswered one is timed from the older: waiting counts.
      sentAt ??= performance.now();
      room.sendBytes(MOVE_MESSAGE, Uint8Array.of(pose, sequence & 0xff, sequence >> 8));
    },
    async leave() {
      await room.leave();
    },
  };
}

import type { Bus } from "#shared/infra/bus/bus.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ShardConfig } from "../config.ts";
import type { ShardLoop } from "../loop/shard-loop.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { PositionPublisher } from "./position-publisher.ts";
import { PresencePublisher } from "./presence-publisher.ts";

export interface TellingShard {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly config: Pick<ShardConfig, "shardKey">;
  readonly loop: ShardLoop;
  readonly world: ShardWorld;
}

/** Tells who is here, and where, until the result is called. */
export function tellPlayers(shard: TellingShard): () => void {
  const { bus, clock, config, loop } = shard;
  const players = () => loop.present();
  const presence = new PresencePublisher({ bus, clock, shardKey: config.shardKey, players });
  presence.start();
  const stopPositions = tellPositions(shard);
  return () => {
    void presence.stop();
    stopPositions();
  };
}

function tellPositions({ bus, clock, loop, world }: TellingShard): () => void {
  const { unitsTold } = world;
  const { columns, rows, cellSize } = world.grid;
  const publisher = new PositionPublisher({
    ...{ bus, clock, side: (Math.max(columns, rows) * cellSize) / unitsTold },
    players: () => loop.present(),
    locate(entity, out) {
      if (!world.locate(entity, out)) return false;
      out.x /= unitsTold;
      out.y /= unitsTold;
      return true;
    },
  });
  publisher.start();
  return () => publisher.stop();
}

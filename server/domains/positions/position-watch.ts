import type { BusMessage } from "#proto/bus_pb.ts";
import { type Bus, TOPIC_POSITIONS } from "#shared/infra/bus/bus.ts";
import { PlayerId, ShardKey } from "#shared/model/ids.ts";
import type { Circle, NearPosition, Position, PositionIndex } from "./position-index.ts";

/** Shards whose world's side is known; one more is left out. */
const SHARDS_MAX = 10_000;

interface Options {
  readonly bus: Pick<Bus, "subscribe">;
  readonly index: PositionIndex;
  readonly seen: (shardKey: ShardKey, position: Position) => void;
  readonly isForeign: (message: BusMessage) => boolean;
}

/** Puts into an index what shards tell of their players, from construction to `close`. */
export class PositionWatch {
  readonly #options: Options;
  readonly #sides = new Map<ShardKey, number>();
  readonly #unsubscribe: () => void;
  /** Positions that were told. */
  told = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#unsubscribe = options.bus.subscribe(TOPIC_POSITIONS, (message) => this.#hear(message));
  }

  async near(shardKey: ShardKey, circle: Circle): Promise<NearPosition[]> {
    const side = this.#sides.get(shardKey);
    return side === undefined ? [] : this.#options.index.near(shardKey, side, circle);
  }

  close(): void {
    this.#unsubscribe();
  }

  #hear(message: BusMessage): void {
    const { index, isForeign, seen } = this.#options;
    const shardKey = ShardKey.safeParse(message.source);
    if (message.payload.case !== "positionsTold" || !shardKey.success) return;
    if (isForeign(message)) return;
    const { side, playerIds, x, y } = message.payload.value;
    if (!(side > 0 && Number.isFinite(side))) return;
    if (this.#sides.size >= SHARDS_MAX && !this.#sides.has(shardKey.data)) return;
    this.#sides.set(shardKey.data, side);
    const positions = playerIds.flatMap((id, at) => toPosition(id, x[at], y[at]));
    this.told += positions.length;
    for (const position of positions) seen(shardKey.data, position);
    index.put({ shardKey: shardKey.data, side, positions });
  }
}

function toPosition(id: string, x = Number.NaN, y = Number.NaN): Position[] {
  const playerId = PlayerId.safeParse(id);
  if (!playerId.success || !Number.isFinite(x) || !Number.isFinite(y)) return [];
  return [{ playerId: playerId.data, x, y }];
}

import { type ArenaSelfRecord, writeArenaSelf } from "#shared/net/arena-frames.ts";
import type { WireWriter } from "#shared/net/wire-writer.ts";
import { type ArenaWorld, readArenaState } from "#shared/sim/index.ts";
import type { ArenaLasting } from "./arena-lasting.ts";

/**
 * Writes players' own states, as `readArenaSelf` reads them but for what lasts, which is as it is
 * shown. No object for each.
 */
export class ArenaSelfWriter {
  readonly #world: ArenaWorld;
  readonly #lasting: ArenaLasting;
  readonly #self: ArenaSelfRecord = {
    x: 0,
    y: 0,
    controls: { dx: 0, dy: 0 },
    facingRight: false,
    state: 0,
    health: 0,
    attackEndTick: 0,
    attackReadyTick: 0,
    respawnTick: 0,
    kills: 0,
    deaths: 0,
    score: 0,
    credits: 0,
  };

  constructor(world: ArenaWorld, lasting: ArenaLasting) {
    this.#world = world;
    this.#lasting = lasting;
  }

  /** Appends Ack.self of the player in a row. */
  write(row: number, writer: WireWriter): void {
    const { columns } = this.#world.players;
    const self = this.#self;
    self.x = columns.x[row] ?? 0;
    self.y = columns.y[row] ?? 0;
    self.controls.dx = columns.dx[row] ?? 0;
    self.controls.dy = columns.dy[row] ?? 0;
    self.facingRight = columns.facingRight[row] === 1;
    self.state = readArenaState(this.#world, row);
    self.health = columns.health[row] ?? 0;
    self.attackEndTick = columns.attackEndTick[row] ?? 0;
    self.attackReadyTick = columns.attackReadyTick[row] ?? 0;
    self.respawnTick = columns.respawnTick[row] ?? 0;
    self.kills = this.#lasting.kills[row] ?? 0;
    self.deaths = this.#lasting.deaths[row] ?? 0;
    self.score = this.#lasting.scores[row] ?? 0;
    self.credits = this.#lasting.credits[row] ?? 0;
    writeArenaSelf(writer, self);
  }
}

import type { Cell, Tick } from "#proto/frame_pb.ts";
import { hashArenaEntity } from "#shared/net/arena-state-hash.ts";
import type { ArenaParameters } from "#shared/sim/index.ts";

/** What a client may know of a player. */
export interface SeenPlayer {
  name: string;
  /** Tenths of a unit. */
  x: number;
  y: number;
  pose: number;
  wounds: number;
  score: number;
}

type ArenaEventCase =
  | { case: "hit"; value: { attacker: number; target: number; damage: number } }
  | { case: "death"; value: { entity: number; killer: number } }
  | { case: undefined };

/**
 * A client that knows docs/PROTOCOL.md and nothing else: what it has learned from tick frames, step
 * by step as the page says, in the plainest way. A frame that makes no sense to it throws.
 */
export class ArenaWatcher {
  /** Who is known, by entity, as of the end of the last frame's tick. */
  readonly players = new Map<number, SeenPlayer>();
  /** Cells that are watched. */
  readonly cells = new Set<number>();
  /** Keyframes of cells that were watched already, and those of them that found something wrong. */
  proofs = 0;
  mismatches = 0;
  #tick = 0;

  apply(frame: Tick, parameters: ArenaParameters): void {
    const keyframes = frame.cells.filter((cell) => cell.keyframe);
    const deltas = frame.cells.filter((cell) => !cell.keyframe);
    if (frame.reset) {
      this.players.clear();
      this.cells.clear();
    }
    this.#leave(frame.goneCells, parameters);
    const covered = (tick: number) => Math.floor((960 * tick) / parameters.tickRate);
    const travel = covered(frame.tick) - covered(this.#tick);
    for (const player of this.players.values()) advance(player, travel, parameters);
    this.#tick = frame.tick;
    const told = new Set(keyframes.flatMap((cell) => cell.arenaEntities.map(({ id }) => id)));
    this.#move(frame.arenaMoves, told);
    for (const cell of deltas) this.#learn(cell, told, parameters);
    for (const id of deltas.flatMap(({ gone }) => gone)) {
      if (!told.has(id)) this.players.delete(id);
    }
    const watched = new Set(this.cells);
    for (const { cell } of keyframes) this.cells.add(cell);
    for (const [id, player] of this.players) {
      if (!this.cells.has(cellOf(player, parameters))) this.players.delete(id);
    }
    for (const cell of keyframes) {
      if (watched.has(cell.cell)) this.#prove(cell, parameters);
      this.#replace(cell, parameters);
    }
  }

  /** A line for everyone it knows of. */
  view(): string[] {
    return [...this.players].map(([id, player]) => describeSeen(id, player)).sort();
  }

  /** Forgets the cells and who was in them at the frame before. */
  #leave(goneCells: readonly number[], parameters: ArenaParameters): void {
    for (const cell of goneCells) {
      if (!this.cells.delete(cell)) throw new Error(`cannot apply frame: ${cell} was not watched`);
    }
    for (const [id, player] of this.players) {
      if (goneCells.includes(cellOf(player, parameters))) this.players.delete(id);
    }
  }

  #move(rows: readonly number[], told: Set<number>): void {
    if (rows.length % 4 !== 0) throw new Error("cannot apply frame: the last move is cut off");
    for (let index = 0; index < rows.length; index += 4) {
      const [id = 0, dx = 0, dy = 0, pose = 0] = rows.slice(index, index + 4);
      const player = this.players.get(id);
      if (player === undefined) continue;
      player.x += unfold(dx);
      player.y += unfold(dy);
      player.pose = pose;
      told.add(id);
    }
  }

  #learn({ cell, arenaEntities }: Cell, told: Set<number>, parameters: ArenaParameters): void {
    if (!this.cells.has(cell)) throw new Error(`cannot apply frame: ${cell} is not watched`);
    for (const { id, name: news, x, y, pose, wounds, score } of arenaEntities) {
      const name = news === "" ? this.players.get(id)?.name : news;
      if (name === undefined) continue;
      const player = { name, x, y, pose, wounds, score };
      if (cellOf(player, parameters) !== cell) {
        throw new Error(`cannot apply frame: entity ${id} is not in cell ${cell}`);
      }
      this.players.set(id, player);
      told.add(id);
    }
  }

  #prove({ cell, stateHash }: Cell, parameters: ArenaParameters): void {
    let sum = 0n;
    for (const [id, player] of this.players) {
      if (cellOf(player, parameters) === cell) sum += BigInt(hashArenaEntity({ id, ...player }));
    }
    this.proofs += 1;
    if (Number(sum % 0x1_0000_0000n) !== stateHash) this.mismatches += 1;
  }

  #replace({ cell, arenaEntities }: Cell, parameters: ArenaParameters): void {
    for (const [id, player] of this.players) {
      if (cellOf(player, parameters) === cell) this.players.delete(id);
    }
    for (const { id, name, x, y, pose, wounds, score } of arenaEntities) {
      if (name === "") throw new Error(`cannot apply frame: entity ${id} has no name`);
      this.players.set(id, { name, x, y, pose, wounds, score });
    }
  }
}

/** A player in one line, to compare what is known with what is true. */
export function describeSeen(id: number, { name, x, y, pose, wounds, score }: SeenPlayer): string {
  return `${id} ${name} at ${x},${y} pose ${pose} wounds ${wounds} score ${score}`;
}

/** A hit or a death in one line. */
export function describeEvent(event: ArenaEventCase): string {
  switch (event.case) {
    case "hit":
      return `${event.value.attacker} hits ${event.value.target} for ${event.value.damage}`;
    case "death":
      return `${event.value.killer} kills ${event.value.entity}`;
    case undefined:
      return "nothing";
  }
}

/** Moves a player on by what its motion foretells: `travel` tenths along each axis. */
function advance(player: SeenPlayer, travel: number, { width, height }: ArenaParameters): void {
  const dx = (player.pose & 3) - 1;
  const dy = ((player.pose >> 2) & 3) - 1;
  player.x = Math.max(0, Math.min(player.x + dx * travel, width * 10));
  player.y = Math.max(0, Math.min(player.y + dy * travel, height * 10));
}

/** Number of the cell in which a place is, in tenths of a unit. */
export function cellOf({ x, y }: { x: number; y: number }, parameters: ArenaParameters): number {
  const { width, height, cellSize } = parameters;
  const columns = Math.ceil(width / cellSize);
  const rows = Math.ceil(height / cellSize);
  const column = Math.min(columns - 1, Math.floor(x / (cellSize * 10)));
  return Math.min(rows - 1, Math.floor(y / (cellSize * 10))) * columns + column;
}

/** The number that a zigzag-coded one stands for. */
function unfold(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

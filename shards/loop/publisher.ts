import { type ShardWorld, WANT_DELTA, WANT_KEYFRAME } from "../world/shard-world.ts";
import { type CellRect, copyRect, rectContains, type View, watch } from "./interest.ts";
import type { LoopOutput } from "./messages.ts";
import { Publication } from "./publication.ts";
import type { Session, Sessions } from "./sessions.ts";

/** Field number of Tick.ack. */
const TICK_ACK = 2;
const ACK_SEQUENCE = 1;

/**
 * Turns a finished tick into frames: which cells each client of the tick's group watches, those
 * cells encoded once, and each client's own ack.
 */
export class Publisher {
  readonly #world: ShardWorld;
  readonly #sessions: Sessions;
  readonly #output: LoopOutput;
  readonly #intervalTicks: number;
  readonly #publication: Publication;
  readonly #wanted: Uint8Array;
  readonly #view: View = { x: 0, y: 0, width: 0, height: 0 };

  constructor(options: {
    world: ShardWorld;
    sessions: Sessions;
    output: LoopOutput;
    sendIntervalTicks: number;
  }) {
    this.#world = options.world;
    this.#sessions = options.sessions;
    this.#output = options.output;
    this.#intervalTicks = options.sendIntervalTicks;
    this.#publication = new Publication(options.world.grid);
    this.#wanted = new Uint8Array(options.world.grid.columns * options.world.grid.rows);
  }

  publish(): void {
    const world = this.#world;
    const group = world.tick % this.#intervalTicks;
    this.#publication.reset(world.tick);
    this.#wanted.fill(0);
    for (const session of this.#sessions.all()) {
      if (session.connection !== 0 && session.group === group) this.#prepare(session);
    }
    if (this.#publication.count === 0) return;
    world.encodeCells(this.#publication.cells, this.#wanted, this.#intervalTicks);
    this.#output.publish(this.#publication);
  }

  #prepare(session: Session): void {
    const send = this.#publication.next();
    send.connection = session.connection;
    send.reset = session.reset;
    copyRect(session.watched, send.before);
    this.#look(session);
    copyRect(session.watched, send.now);
    markWanted(send.before, send.now, this.#world.grid.columns, this.#wanted);
    send.ackStart = this.#publication.acks.length;
    if (this.#owesAck(session)) this.#writeAck(session);
    send.ackEnd = this.#publication.acks.length;
    session.reset = false;
  }

  #look(session: Session): void {
    const view = this.#view;
    if (!this.#world.locate(session.entity, view)) return;
    view.width = session.viewport.width;
    view.height = session.viewport.height;
    watch(session.watched, this.#world.grid, view);
  }

  #owesAck(session: Session): boolean {
    const world = this.#world;
    return (
      session.reset ||
      session.ackedSequence !== world.sequenceOf(session.entity) ||
      world.changedWithin(session.entity, this.#intervalTicks) ||
      world.tick - session.ackedTick >= world.tickRate
    );
  }

  #writeAck(session: Session): void {
    const acks = this.#publication.acks;
    const sequence = this.#world.sequenceOf(session.entity);
    const start = acks.begin(TICK_ACK);
    acks.uint32(ACK_SEQUENCE, sequence);
    this.#world.writeSelf(session.entity, acks);
    acks.end(start);
    session.ackedSequence = sequence;
    session.ackedTick = this.#world.tick;
  }
}

function markWanted(before: CellRect, now: CellRect, columns: number, wanted: Uint8Array): void {
  for (let row = now.top; row < now.bottom; row++) {
    for (let column = now.left; column < now.right; column++) {
      const cell = row * columns + column;
      const want = rectContains(before, column, row) ? WANT_DELTA : WANT_KEYFRAME;
      wanted[cell] = (wanted[cell] ?? 0) | want;
    }
  }
}

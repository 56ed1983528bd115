import { WINDOWS_MAX } from "#shared/net/cell-bytes.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { WantedCells } from "../world/wanted-cells.ts";
import { type CellRect, copyRect, emptyRect, rectContains, type View, watch } from "./interest.ts";
import type { LoopOutput } from "./messages.ts";
import type { PressureLevel } from "./pressure.ts";
import { countSends, Publication, SEND_ACK_ALONE } from "./publication.ts";
import { relevanceOf } from "./relevance.ts";
import type { Session, Sessions } from "./sessions.ts";

/** Field number of Tick.ack. */
const TICK_ACK = 2;
const ACK_SEQUENCE = 1;

/** Windows of a session that gets no frame now, and of one whose frame starts anew. */
const NOT_NOW = -1;
const ANEW = 0;

/** Tick of the last ack of a client that has to be told everything. */
const NOTHING_KNOWN = -1;

/** However great the pressure, each client gets a frame at every fourth turn. */
const TURNS_MAX = 4;

/**
 * Turns a finished tick into frames: which cells each client of the tick's group watches, those
 * cells encoded once, and each client's own ack. A tick whose `publish` is left out is made up for:
 * the next frame of those who got none then reaches farther back.
 */
export class Publisher {
  readonly #world: ShardWorld;
  readonly #sessions: Sessions;
  readonly #output: LoopOutput;
  readonly #intervalTicks: number;
  readonly #windowsMax: number;
  readonly #publication: Publication;
  readonly #wanted: WantedCells;
  readonly #before = emptyRect();
  readonly #view: View = { x: 0, y: 0, width: 0, height: 0 };
  #committedTick = 0;
  #pressure: PressureLevel = 0;
  /** Turns that clients missed because their gateway was behind. */
  missedTurns = 0;
  /** Frames that went out before their tick was in the database. */
  framesAhead = 0;

  constructor(options: {
    world: ShardWorld;
    sessions: Sessions;
    output: LoopOutput;
    sendIntervalTicks: number;
  }) {
    const { world, sendIntervalTicks } = options;
    this.#world = world;
    this.#sessions = options.sessions;
    this.#output = options.output;
    this.#intervalTicks = sendIntervalTicks;
    this.#windowsMax = Math.min(WINDOWS_MAX, Math.floor(world.windowTicksMax / sendIntervalTicks));
    if (this.#windowsMax < 1) {
      throw new RangeError(
        `cannot publish every ${sendIntervalTicks} ticks: this world tells of ` +
          `${world.windowTicksMax} at most`,
      );
    }
    this.#publication = new Publication(world.grid);
    this.#wanted = new WantedCells(world.grid.columns * world.grid.rows);
  }

  /** From the next tick on. */
  setPressure(pressure: PressureLevel): void {
    this.#pressure = pressure;
  }

  /**
   * Once for each tick; what lasts is shown as of the committed one. Whose welcome is not out yet
   * gets nothing.
   */
  publish(committedTick: number): void {
    const world = this.#world;
    this.#committedTick = committedTick;
    world.show(committedTick);
    const group = world.tick % this.#intervalTicks;
    this.#publication.reset(world.tick);
    this.#wanted.clear();
    for (const session of this.#sessions.all()) {
      if (session.connection === 0 || session.enteredTick > committedTick) continue;
      if (session.group !== group) {
        if (session.ackedEachTick) this.#acknowledgeAlone(session);
        continue;
      }
      if (!this.#output.hasRoom(session.connection)) {
        this.missedTurns += 1;
        continue;
      }
      const window = this.#windowOf(session);
      if (window !== NOT_NOW) this.#prepare(session, window);
      else if (session.ackedEachTick) this.#acknowledgeAlone(session);
    }
    if (this.#publication.isEmpty) return;
    world.encodeCells(this.#publication.cells, this.#wanted, this.#intervalTicks);
    this.#publication.finish();
    if (world.tick > committedTick) this.framesAhead += countSends(this.#publication);
    this.#output.publish(this.#publication);
  }

  /** Send intervals since the client's last frame, if it gets one now. */
  #windowOf(session: Session): number {
    if (session.reset) return ANEW;
    const window = (this.#world.tick - session.sentTick) / this.#intervalTicks;
    if (!Number.isInteger(window) || window > this.#windowsMax) return ANEW;
    const every = this.#turnsOf(session);
    if (window >= every) return window;
    // Each at its own turns, or all would get theirs at once.
    const turn = Math.floor(this.#world.tick / this.#intervalTicks);
    const place = Math.imul(session.entity, 0x9e3779b1) >>> 30;
    return (turn + place) % every === 0 ? window : NOT_NOW;
  }

  /** How many turns there are to a frame of this client. */
  #turnsOf({ congestion, entity, watched }: Session): number {
    const pressure = this.#pressure;
    if (pressure === 0 && congestion === 0) return 1;
    const relevance = pressure === 0 ? 0 : relevanceOf(entity, watched, this.#world);
    const halvings = congestion + Math.max(0, pressure - relevance);
    return Math.min(1 << halvings, TURNS_MAX, this.#windowsMax);
  }

  #prepare(session: Session, window: number): void {
    if (window === ANEW) {
      session.watched.left = session.watched.right = 0;
      session.ackedTick = NOTHING_KNOWN;
    }
    copyRect(session.watched, this.#before);
    this.#look(session);
    this.#publication.begin(session.connection, window, this.#before);
    this.#want(session.watched, window);
    if (window === ANEW || this.#owesAck(session)) this.#acknowledge(session);
    this.#publication.end(session.watched);
    session.reset = false;
    session.sentTick = this.#world.tick;
  }

  #look(session: Session): void {
    const view = this.#view;
    if (!this.#world.locate(session.entity, view)) return;
    view.width = session.viewport.width;
    view.height = session.viewport.height;
    watch(session.watched, this.#world.grid, view);
  }

  #want(now: CellRect, window: number): void {
    const { columns } = this.#world.grid;
    for (let row = now.top; row < now.bottom; row++) {
      for (let column = now.left; column < now.right; column++) {
        const cell = row * columns + column;
        if (rectContains(this.#before, column, row)) this.#wanted.addWindow(cell, window);
        else this.#wanted.addKeyframe(cell);
      }
    }
  }

  #owesAck(session: Session): boolean {
    const world = this.#world;
    const { tick } = world;
    return (
      session.owesAck ||
      session.ackedSequence !== world.sequenceOf(session.entity) ||
      world.changedWithin(session.entity, tick - session.sentTick) ||
      tick - session.ackedTick >= world.tickRate
    );
  }

  /** Now, or in the next frame after the commit of what the player's commands did. */
  #acknowledge(session: Session): void {
    session.owesAck = session.earnedTick > this.#committedTick;
    if (!session.owesAck) this.#writeAck(session);
  }

  /** The next frame acknowledges once more: whoever is behind with reading gets no other. */
  #acknowledgeAlone(session: Session): void {
    const sequence = this.#world.sequenceOf(session.entity);
    if (sequence === session.answeredSequence || session.earnedTick > this.#committedTick) return;
    if (!this.#output.hasRoom(session.connection)) return;
    this.#publication.begin(session.connection, SEND_ACK_ALONE, session.watched);
    this.#writeAckField(session, sequence, session.ackedTick);
    this.#publication.end(session.watched);
  }

  #writeAck(session: Session): void {
    const sequence = this.#world.sequenceOf(session.entity);
    this.#writeAckField(session, sequence, session.ackedTick);
    session.ackedSequence = sequence;
    session.ackedTick = this.#world.tick;
  }

  #writeAckField(session: Session, sequence: number, knownTick: number): void {
    const { writer } = this.#publication;
    const start = writer.begin(TICK_ACK);
    writer.uint32(ACK_SEQUENCE, sequence);
    this.#world.writeSelf(session.entity, writer, knownTick);
    writer.end(start);
    session.answeredSequence = sequence;
  }
}

import { CellBytes } from "#shared/net/cell-bytes.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";
import type { ConnectionId } from "./connection-id.ts";
import type { CellRect } from "./interest.ts";

/** One client's share of a publication. */
export interface Send {
  connection: ConnectionId;
  /** Cells watched until now; empty for a client that starts. */
  before: CellRect;
  /** Cells watched from now on. */
  now: CellRect;
  /** The client is to forget everything first. */
  reset: boolean;
  /** The Ack field's bytes in `acks`. */
  ackStart: number;
  ackEnd: number;
}

/** What one tick sends: each cell's bytes once, and for each client which of them it gets. */
export class Publication {
  tick = 0;
  readonly cells: CellBytes;
  readonly columns: number;
  /** Bytes of the clients' Ack fields, tags included. */
  readonly acks = new WireWriter(16 * 1_024);
  readonly #sends: Send[] = [];
  #count = 0;

  constructor(grid: { columns: number; rows: number }) {
    this.columns = grid.columns;
    this.cells = new CellBytes(grid.columns * grid.rows);
  }

  reset(tick: number): void {
    this.tick = tick;
    this.#count = 0;
    this.cells.reset();
    this.acks.reset();
  }

  get count(): number {
    return this.#count;
  }

  /** Takes the next send; its fields hold what they held before. */
  next(): Send {
    let send = this.#sends[this.#count];
    if (send === undefined) {
      send = {
        connection: 0,
        before: { left: 0, top: 0, right: 0, bottom: 0 },
        now: { left: 0, top: 0, right: 0, bottom: 0 },
        reset: false,
        ackStart: 0,
        ackEnd: 0,
      };
      this.#sends.push(send);
    }
    this.#count += 1;
    return send;
  }

  at(index: number): Send {
    const send = index < this.#count ? this.#sends[index] : undefined;
    if (send === undefined) throw new RangeError(`cannot read send ${index}: ${this.#count} there`);
    return send;
  }
}

import { WireWriter } from "#shared/net/wire-writer.ts";
import { rectContains } from "../loop/interest.ts";
import type { Publication, Send } from "../loop/publication.ts";

/** Field numbers of ServerFrame.tick and of Tick. */
const FRAME_TICK = 2;
const TICK_NUMBER = 1;
const TICK_GONE_CELLS = 4;
const TICK_RESET = 5;

/**
 * Puts a client's tick frame together: its own ack and the bytes of each cell that it watches. The
 * result is a view that the next call makes void.
 */
export class FrameAssembler {
  readonly #writer = new WireWriter(32 * 1_024);

  assemble(publication: Publication, send: Send): Uint8Array<ArrayBuffer> {
    const writer = this.#writer;
    writer.reset();
    const frame = writer.begin(FRAME_TICK);
    writer.uint32(TICK_NUMBER, publication.tick);
    writer.append(publication.acks.view(send.ackStart, send.ackEnd));
    this.#appendCells(publication, send);
    this.#appendGoneCells(publication, send);
    writer.bool(TICK_RESET, send.reset);
    writer.end(frame);
    return writer.view();
  }

  #appendCells({ cells, columns }: Publication, { before, now }: Send): void {
    for (let row = now.top; row < now.bottom; row++) {
      for (let column = now.left; column < now.right; column++) {
        const cell = row * columns + column;
        const known = rectContains(before, column, row);
        this.#writer.append(known ? cells.delta(cell) : cells.keyframe(cell));
      }
    }
  }

  #appendGoneCells({ columns }: Publication, { before, now }: Send): void {
    let start = -1;
    for (let row = before.top; row < before.bottom; row++) {
      for (let column = before.left; column < before.right; column++) {
        if (rectContains(now, column, row)) continue;
        if (start < 0) start = this.#writer.begin(TICK_GONE_CELLS);
        this.#writer.packed(row * columns + column);
      }
    }
    if (start >= 0) this.#writer.end(start);
  }
}

// The ancestor's messages to its clients, read as spec'd in docs/LEGACY.md and nowhere else.

/** A record of 11 bytes. */
export interface LegacyPlayer {
  id: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  facingRight: boolean;
  state: number;
}

/** One message to a client; `sequence` of a list only in the form that numbers them. */
export type LegacyFrame =
  | { kind: "gameState"; sequence: number | undefined; players: LegacyPlayer[] }
  | { kind: "delta"; sequence: number; players: LegacyPlayer[] }
  | { kind: "ack"; id: number; x: number; y: number; sequence: number }
  | { kind: "joined"; player: LegacyPlayer }
  | { kind: "left"; id: number }
  | { kind: "movement"; id: number; dx: number; dy: number }
  | { kind: "direction"; id: number; right: boolean }
  | { kind: "attack"; id: number; x: number; y: number };

/** Reads a message; throws when its length is not exactly what it must be. */
export function readLegacyFrame(bytes: Uint8Array, form: "events" | "delta"): LegacyFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const id = bytes.length < 5 ? 0 : view.getUint32(1, true);
  switch (bytes[0]) {
    case 7: {
      const sequence = form === "delta" ? id : undefined;
      return { kind: "gameState", sequence, players: readList(view, form === "delta" ? 5 : 1) };
    }
    case 14:
      return { kind: "delta", sequence: id, players: readList(view, 5) };
    case 8:
      checkLength(bytes, 13);
      return { kind: "ack", id, ...readPlace(view), sequence: view.getUint32(9, true) };
    case 11:
      checkLength(bytes, 12);
      return { kind: "joined", player: readPlayer(view, 1) };
    case 12:
      checkLength(bytes, 5);
      return { kind: "left", id };
    case 255:
      checkLength(bytes, 7);
      return { kind: "movement", id, dx: view.getInt8(5), dy: view.getInt8(6) };
    case 254:
      checkLength(bytes, 6);
      return { kind: "direction", id, right: bytes[5] === 1 };
    case 253:
      checkLength(bytes, 9);
      return { kind: "attack", id, ...readPlace(view) };
    default:
      throw new Error(`cannot read legacy message: it begins with ${bytes[0]}`);
  }
}

function readList(view: DataView, countAt: number): LegacyPlayer[] {
  const count = view.getUint32(countAt, true);
  const start = countAt + 4;
  checkLength(view, start + count * 11);
  return Array.from({ length: count }, (_, index) => readPlayer(view, start + index * 11));
}

function readPlayer(view: DataView, at: number): LegacyPlayer {
  const flags = view.getUint8(at + 10);
  return {
    id: view.getUint32(at, true),
    x: view.getUint16(at + 4, true),
    y: view.getUint16(at + 6, true),
    vx: view.getInt8(at + 8),
    vy: view.getInt8(at + 9),
    facingRight: (flags & 0x80) !== 0,
    state: flags & 0x7f,
  };
}

function readPlace(view: DataView): { x: number; y: number } {
  return { x: view.getUint16(5, true), y: view.getUint16(7, true) };
}

function checkLength({ byteLength }: { byteLength: number }, wanted: number): void {
  if (byteLength === wanted) return;
  throw new Error(`cannot read legacy message: it has ${byteLength} bytes instead of ${wanted}`);
}

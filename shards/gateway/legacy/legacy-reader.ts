// What clients of the ancestor send, little-endian; docs/LEGACY.md has the table.

/** First byte of each message from a client. */
const FROM_LEGACY = {
  move: 3,
  direction: 4,
  attack: 5,
  attackEnd: 6,
  viewport: 13,
} as const;

/** One message of a legacy client. */
export type LegacyMessage =
  | { kind: "move"; dx: number; dy: number; sequence: number }
  | { kind: "direction"; right: boolean }
  | { kind: "attack" }
  | { kind: "attackEnd" }
  | { kind: "viewport"; width: number; height: number }
  /** Not in the table; the text says for people what is wrong. */
  | { kind: "fault"; text: string };

/**
 * Reads one message. A MOVE is 6 bytes, or 14 with the position that the client believes itself
 * at, which nobody looks at: where a player is, the shard says.
 */
export function readLegacyMessage(bytes: Uint8Array): LegacyMessage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (bytes[0]) {
    case undefined:
      return fault("message", "it is empty");
    case FROM_LEGACY.move:
      return readMove(view);
    case FROM_LEGACY.direction:
      if (bytes.length !== 2) return wrongLength("DIRECTION", bytes, 2);
      return { kind: "direction", right: bytes[1] === 1 };
    case FROM_LEGACY.attack:
      return { kind: "attack" };
    case FROM_LEGACY.attackEnd:
      if (bytes.length !== 1) return wrongLength("ATTACK_END", bytes, 1);
      return { kind: "attackEnd" };
    case FROM_LEGACY.viewport:
      if (bytes.length !== 5) return wrongLength("VIEWPORT", bytes, 5);
      return { kind: "viewport", width: view.getUint16(1, true), height: view.getUint16(3, true) };
    default:
      return fault("message", `there is no message ${bytes[0]} from clients`);
  }
}

function readMove(view: DataView): LegacyMessage {
  const { byteLength } = view;
  if (byteLength !== 6 && byteLength !== 14) {
    return fault("MOVE", `its length is ${byteLength} instead of 6 or 14`);
  }
  const packed = view.getUint8(1);
  const dx = (packed & 3) - 1;
  const dy = ((packed >> 2) & 3) - 1;
  if (packed > 0x0f || dx > 1 || dy > 1) {
    return fault("MOVE", `direction ${packed} is not (dx+1) | (dy+1)<<2 with -1, 0 or 1`);
  }
  return { kind: "move", dx, dy, sequence: view.getUint32(2, true) };
}

function wrongLength(name: string, bytes: Uint8Array, wanted: number): LegacyMessage {
  return fault(name, `its length is ${bytes.length} instead of ${wanted}`);
}

function fault(name: string, why: string): LegacyMessage {
  return { kind: "fault", text: `cannot read ${name}: ${why}` };
}

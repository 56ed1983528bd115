/** Numbers that both ends of the game socket must agree on; docs/PROTOCOL.md explains them. */

/** Sent in each hello; a shard that speaks another version says goodbye. */
export const PROTOCOL_VERSION = 1;

/** Longest frame that a client may send; a longer one closes with 1009. */
export const FRAME_BYTES_MAX = 4_096;

/** Time for the first frame after the connection opened. */
export const HELLO_TIMEOUT_MS = 5_000;

/** How long a session waits for its player after the connection was lost. */
export const RESUME_WINDOW_MS = 30_000;

/** Furthest tick ahead in which an input may ask to be applied. */
export const INPUT_LEAD_TICKS_MAX = 30;

/** Length of the id that names a durable action. */
export const ACTION_ID_BYTES = 16;

/** Cells that a client may ask for at once, and once a second; what is beyond is left out. */
export const RESYNC_CELLS_MAX = 8;

/** Bounds of the viewport, in units. */
export const VIEWPORT_MIN = 64;
export const VIEWPORT_WIDTH_MAX = 1_600;
export const VIEWPORT_HEIGHT_MAX = 1_200;
export const VIEWPORT_DEFAULT = { width: 800, height: 600 } as const;
/** Units of a viewport in a block, so that a chunk is as large as an arena's cell. */
export const UNITS_PER_BLOCK = 16;

/** Close codes of the game socket. 1000 to 1015 are the WebSocket standard's (RFC 6455 §7.4). */
export const CLOSE = {
  left: 1000,
  stopping: 1001,
  text: 1003,
  undecodable: 1007,
  flood: 1008,
  tooLong: 1009,
  credentialRefused: 4001,
  helloTimeout: 4002,
  replaced: 4003,
  full: 4004,
  version: 4005,
  revoked: 4006,
  tooSlow: 4007,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

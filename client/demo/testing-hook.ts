/**
 * What tests of the running page may rely on: `document.documentElement.dataset.status` is the
 * session's status, `window.tessera.session` the session itself when it is in the arena, and
 * `window.tessera.blocks` when it is in a world of blocks; `screenOf` says where in the window the
 * middle of a block's upper side is, in CSS pixels.
 */
import type { Session } from "../index.ts";
import type { BlocksPlaceView, BlocksSession } from "../sdk/blocks/blocks-session-types.ts";
import type { ConnectedSession } from "./connection.ts";

declare global {
  interface Window {
    tessera: {
      session: Session | null;
      blocks: BlocksSession | null;
      screenOf?: (place: BlocksPlaceView) => { x: number; y: number };
    };
  }
}

/** Publishes the arena's session and its status. */
export function publishSession(session: Session): void {
  window.tessera = { session, blocks: null };
  show(session);
}

/** Publishes the session of a world of blocks and its status. */
export function publishBlocks(
  blocks: BlocksSession,
  screenOf: (place: BlocksPlaceView) => { x: number; y: number },
): void {
  window.tessera = { session: null, blocks, screenOf };
  show(blocks);
}

function show(session: ConnectedSession): void {
  const tell = () => {
    document.documentElement.dataset.status = session.status;
  };
  session.on("status", tell);
  tell();
}

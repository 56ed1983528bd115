/**
 * What tests of the running page may rely on: `document.documentElement.dataset.status` is the
 * session's status, and `window.tessera.session` is the session itself.
 */
import type { Session } from "../index.ts";

declare global {
  interface Window {
    tessera: { session: Session | null };
  }
}

/** Publishes the session and its status. */
export function publishSession(session: Session): void {
  window.tessera = { session };
  const show = () => {
    document.documentElement.dataset.status = session.status;
  };
  session.on("status", show);
  show();
}

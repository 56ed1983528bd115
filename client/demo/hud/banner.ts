/** What is the matter with the shard while the game is in view. */
import { NoticeKind } from "#proto/frame_pb.ts";
import type { SessionNotice } from "../../sdk/session-types.ts";
import { element, setText } from "./elements.ts";

/** Nobody need read of an absence that is over by then. */
const UNSAID_MS = 300;

/** Words for a notice, or for how long the shard has been away; null when all is well. */
export function bannerText(notice: SessionNotice | null, awayMs: number | null): string | null {
  if (awayMs !== null) {
    return awayMs < UNSAID_MS ? null : "Reconnecting… your place and all that is yours are kept";
  }
  switch (notice?.kind) {
    case undefined:
    case NoticeKind.RECOVERED:
      return null;
    case NoticeKind.STORAGE_SLOW:
      return "What you earn is shown once it is saved";
    case NoticeKind.STORAGE_STALLED:
      return "The world stands still until it can be saved";
    default:
      return notice?.message ?? null;
  }
}

/** A line at the edge that is in nobody's way. */
export class Banner {
  readonly #root = element("banner", HTMLElement);

  show(notice: SessionNotice | null, awayMs: number | null): void {
    const text = bannerText(notice, awayMs);
    this.#root.hidden = text === null;
    if (text !== null) setText(this.#root, text);
  }
}

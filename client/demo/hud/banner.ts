/** What is the matter with the shard while the game goes on. */
import { NoticeKind } from "#proto/frame_pb.ts";
import type { SessionNotice } from "../../sdk/session-types.ts";
import { element, setText } from "./elements.ts";

/** Words for a notice; null when all is well. */
export function bannerText(notice: SessionNotice | null): string | null {
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

  show(notice: SessionNotice | null): void {
    const text = bannerText(notice);
    this.#root.hidden = text === null;
    if (text !== null) setText(this.#root, text);
  }
}

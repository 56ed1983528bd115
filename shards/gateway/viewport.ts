import type { Viewport } from "#proto/frame_pb.ts";
import {
  VIEWPORT_DEFAULT,
  VIEWPORT_HEIGHT_MAX,
  VIEWPORT_MIN,
  VIEWPORT_WIDTH_MAX,
} from "#shared/net/protocol.ts";
import type { ViewportSize } from "../loop/messages.ts";

/** A client's window onto the world, brought within its bounds; the usual one when it says none. */
export function boundViewport(viewport: Viewport | undefined): ViewportSize {
  const { width, height } = viewport ?? VIEWPORT_DEFAULT;
  return {
    width: Math.min(VIEWPORT_WIDTH_MAX, Math.max(VIEWPORT_MIN, width)),
    height: Math.min(VIEWPORT_HEIGHT_MAX, Math.max(VIEWPORT_MIN, height)),
  };
}

/** Whether two windows are equally large. */
export function isSameSize(one: ViewportSize, other: ViewportSize): boolean {
  return one.width === other.width && one.height === other.height;
}

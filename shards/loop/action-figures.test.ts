import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { ActionFigures } from "./action-figures.ts";

const { UNSPECIFIED, TOO_FAR, COOLDOWN } = RejectionReason;
const told = (reason: RejectionReason) => ({ entity: 1, sequence: 1, reason });

test("security 5: what the rules refuse is counted, by reason", () => {
  const figures = new ActionFigures();
  figures.count({ rejections: [told(COOLDOWN)], outcomes: [told(UNSPECIFIED), told(TOO_FAR)] });
  figures.count({ rejections: [told(COOLDOWN)], outcomes: [] });
  expect(figures.done).toBe(1);
  const counts = figures.refused.filter(({ value }) => value > 0);
  expect(counts).toEqual([
    { labels: { reason: "cooldown" }, value: 2 },
    { labels: { reason: "too_far" }, value: 1 },
  ]);
  expect(figures.refused).toContainEqual({ labels: { reason: "elsewhere" }, value: 0 });
});

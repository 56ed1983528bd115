import { expect, test } from "bun:test";
import { NoticeKind } from "#proto/frame_pb.ts";
import { bannerText } from "./banner.ts";
import { pingColour } from "./hud.ts";
import { BOARD_LENGTH_MAX, rankPlayers } from "./leaderboard.ts";
import { tidyName } from "./name-field.ts";
import { noticeText } from "./notice.ts";

const player = (id: number, score: number, self = false) => ({ id, name: `P${id}`, score, self });

test("the board ranks by score and always has the own player", () => {
  const others = Array.from({ length: 12 }, (_, index) => player(index + 2, 100 - index));
  const board = rankPlayers([player(1, 0, true), ...others]);
  expect(board).toHaveLength(BOARD_LENGTH_MAX);
  expect(board[0]?.id).toBe(2);
  expect(board.at(-1)?.self).toBe(true);
  expect(rankPlayers([player(3, 5), player(1, 5, true)]).map(({ id }) => id)).toEqual([1, 3]);
});

test("each state of the connection has its words", () => {
  expect(noticeText({ kind: "playing" }, 0)).toBeNull();
  expect(noticeText({ kind: "joining" }, 0)?.trouble).toBe(false);
  expect(noticeText({ kind: "away", sinceMs: 1000 }, 8999)).toEqual({
    title: "Connection lost. Trying again…",
    text: "7 s. You will be back where you were.",
    action: null,
    trouble: true,
  });
  const stopped = { kind: "stopped", message: "You were logged out.", action: "Play" } as const;
  expect(noticeText(stopped, 0)).toMatchObject({ title: stopped.message, action: "Play" });
});

test.each([
  [null, null],
  [NoticeKind.RECOVERED, null],
  [NoticeKind.STORAGE_SLOW, "What you earn is shown once it is saved"],
  [NoticeKind.STORAGE_STALLED, "The world stands still until it can be saved"],
  [NoticeKind.UNSPECIFIED, "something of a later version"],
])("notice %p is shown as %p", (kind, text) => {
  const message = "something of a later version";
  expect(bannerText(kind === null ? null : { kind, message })).toBe(text);
});

test("names lose what cannot be seen", () => {
  expect(tidyName("  Ada \t Lovelace\n")).toBe("Ada Lovelace");
});

test("a slow round trip looks slow", () => {
  expect(new Set([20, 120, 400].map(pingColour)).size).toBe(3);
});

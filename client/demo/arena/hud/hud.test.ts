import { expect, test } from "bun:test";
import { NoticeKind } from "#proto/frame_pb.ts";
import { Announcements } from "../../hud/announcements.ts";
import { bannerText } from "../../hud/banner.ts";
import { tidyName } from "../../hud/name-field.ts";
import { noticeText } from "../../hud/notice.ts";
import { pingColour } from "../../hud/ping-colour.ts";
import { BOARD_LENGTH_MAX, rankPlayers } from "./leaderboard.ts";

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
  const [now, outside] = [
    { nowMs: 0, isInWorld: true },
    { nowMs: 8999, isInWorld: false },
  ];
  expect(noticeText({ kind: "playing" }, now)).toBeNull();
  expect(noticeText({ kind: "joining" }, now)?.trouble).toBe(false);
  expect(noticeText({ kind: "away", sinceMs: 1000 }, { ...now, nowMs: 8999 })).toEqual({
    title: "Connection lost. Trying again…",
    text: "7 s. You will be back where you were.",
    action: null,
    trouble: true,
  });
  const refused = { kind: "away", sinceMs: 1000, reason: "cannot join arena: it is full" } as const;
  expect(noticeText(refused, outside)).toMatchObject({
    title: "The world is not to be reached yet. Trying again…",
    text: "7 s. cannot join arena: it is full",
  });
  const stopped = { kind: "stopped", message: "You were logged out.", action: "Play" } as const;
  expect(noticeText(stopped, now)).toMatchObject({ title: stopped.message, action: "Play" });
});

test("a short absence is told at the edge, and only a long one over the world", () => {
  const away = { kind: "away", sinceMs: 1_000 } as const;
  expect(noticeText(away, { nowMs: 5_900, isInWorld: true })).toBeNull();
  expect(noticeText(away, { nowMs: 6_000, isInWorld: true })?.title).toStartWith("Connection lost");
  expect(noticeText(away, { nowMs: 1_000, isInWorld: false })?.trouble).toBe(true);
  expect(bannerText(null, 200)).toBeNull();
  expect(bannerText(null, 300)).toBe("Reconnecting… your place and all that is yours are kept");
  const slow = { kind: NoticeKind.STORAGE_SLOW, message: "" };
  expect(bannerText(slow, 300)).toStartWith("Reconnecting");
});

test.each([
  [null, null],
  [NoticeKind.RECOVERED, null],
  [NoticeKind.STORAGE_SLOW, "What you earn is shown once it is saved"],
  [NoticeKind.STORAGE_STALLED, "The world stands still until it can be saved"],
  [NoticeKind.UNSPECIFIED, "something of a later version"],
])("notice %p is shown as %p", (kind, text) => {
  const message = "something of a later version";
  expect(bannerText(kind === null ? null : { kind, message }, null)).toBe(text);
});

test("names lose what cannot be seen", () => {
  expect(tidyName("  Ada \t Lovelace\n")).toBe("Ada Lovelace");
});

test("a slow round trip looks slow", () => {
  expect(new Set([20, 120, 400].map(pingColour)).size).toBe(3);
});

test("announcements are shown one after the other, each for as long as it takes to read", () => {
  const shown: (string | null)[] = [];
  const announcements = new Announcements((text) => shown.push(text));
  announcements.add("first");
  for (const text of ["lost", "second", "x".repeat(200), "fourth", "fifth"])
    announcements.add(text);
  expect(shown).toEqual(["first"]);
  announcements.advance(5.9);
  expect(shown).toEqual(["first"]);
  announcements.advance(0.2);
  expect(shown.at(-1)).toBe("second");
  announcements.advance(6);
  announcements.advance(13);
  expect(shown.at(-1)).toHaveLength(200);
  announcements.advance(1.1);
  announcements.advance(6);
  announcements.advance(6);
  announcements.advance(6);
  expect(shown.slice(3)).toEqual(["fourth", "fifth", null]);
});

import { describe, expect, test } from "bun:test";
import { RegisterInput, Username } from "./auth.ts";
import { formatShardKey, PlayerId, RegionId, ShardKey, WorldId } from "./ids.ts";
import { DisplayName } from "./players.ts";

function complaint(result: { error?: { issues: { message: string }[] } | undefined }) {
  return result.error?.issues[0]?.message;
}

describe("ids", () => {
  test("a shard key is made of world, instance and region", () => {
    const key = formatShardKey(WorldId.parse("arena"), 1, RegionId.parse("eu-west-1"));
    expect(String(key)).toBe("arena:1:eu-west-1");
    expect(complaint(ShardKey.safeParse("arena:0:eu"))).toContain(
      "must be worldId:instance:region",
    );
  });

  test("a player id is a UUID of version 7", () => {
    expect(PlayerId.safeParse("0190a6c4-0d5b-7cc3-98c4-dc0c0c07398f").success).toBe(true);
    expect(PlayerId.safeParse("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d").success).toBe(false);
  });
});

const displayNames: [string, string, string | undefined][] = [
  ["keeps letters of any script", "Åsa 空", "Åsa 空"],
  ["tidies spaces", "  Ada \t Lovelace ", "Ada Lovelace"],
  ["counts characters, not code units", "🦊".repeat(24), "🦊".repeat(24)],
  ["refuses 25 characters", "a".repeat(25), undefined],
  ["refuses nothing but spaces", "   ", undefined],
  ["refuses marks that turn the writing direction", "abc\u202Edef", undefined],
  ["refuses control characters", "abc\u0000def", undefined],
  ["refuses half a surrogate pair, which no text on the wire can hold", "abc\uD800", undefined],
  ["refuses fillers that look like nothing", "\u3164", undefined],
  ["refuses blanks that are no spaces", "\u2800", undefined],
  ["refuses marks without a letter", "\u0301\u0301", undefined],
  ["keeps an emoji with its selector", "\u2764\uFE0F", "\u2764\uFE0F"],
];
for (const [what, given, expected] of displayNames) {
  test(`a display name ${what}`, () => {
    expect(DisplayName.safeParse(given).data).toBe(expected);
  });
}

const registrations: [string, string, string | undefined][] = [
  ["ada", "correct horse", undefined],
  ["ab", "correct horse", "must be at least 3 characters long"],
  ["1ada", "correct horse", "must consist of letters, digits, _ and -, starting with a letter"],
  ["ada", "short", "must be at least 10 characters long"],
  ["ada", "aaaaaaaaaaaa", "must have at least 4 different characters"],
  ["ada", "é".repeat(300), "must be at most 512 bytes long"],
  ["ada-l", "xxADA-Lxxyz1", "must not contain the username"],
];
for (const [username, password, expected] of registrations) {
  test(`registering ${username} with ${password.slice(0, 15)}: ${expected ?? "is fine"}`, () => {
    expect(complaint(RegisterInput.safeParse({ username, password }))).toBe(expected);
  });
}

test("a username is kept as it was written", () => {
  expect(Username.parse("Ada_L-1")).toBe("Ada_L-1");
});

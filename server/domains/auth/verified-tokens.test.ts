import { expect, test } from "bun:test";
import { PlayerId, SessionId } from "#shared/model/ids.ts";
import { VERIFIED_TOKENS_MAX, VerifiedTokens } from "./verified-tokens.ts";

const verified = {
  playerId: PlayerId.parse(Bun.randomUUIDv7()),
  sessionId: SessionId.parse(Bun.randomUUIDv7()),
  keyId: "key",
  expiresAtMs: 1,
};

test("memory holds so many tokens; the one that was verified longest ago is forgotten", () => {
  const tokens = new VerifiedTokens();
  for (let token = 0; token <= VERIFIED_TOKENS_MAX; token++) tokens.add(String(token), verified);
  expect(tokens.find("0")).toBeUndefined();
  expect(tokens.find("1")).toBe(verified);
  tokens.delete("1");
  expect(tokens.find("1")).toBeUndefined();
});

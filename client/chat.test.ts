// Players talk over the SDK, with a real server and a real shard, also while the server is away.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { until } from "#shared/testing/until.ts";
import { type Client, createClient, type Session } from "./index.ts";
import { Deployment } from "./sdk/testing/deployment.ts";
import { createMemoryStorage } from "./sdk/token-store.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await Deployment.start();
});
afterAll(async () => {
  await deployment[Symbol.asyncDispose]();
});

interface Talker {
  readonly client: Client;
  readonly session: Session;
  readonly id: string;
  readonly heard: string[];
}

async function enter(displayName: string): Promise<Talker> {
  const client = createClient({ url: deployment.url, storage: createMemoryStorage() });
  const { id } = await client.guest({ displayName });
  const session = await client.join("arena");
  const heard: string[] = [];
  session.chat.onMessage(({ channel, senderName, text }) => {
    heard.push(`${channel} ${senderName}: ${text}`);
  });
  return { client, session, id, heard };
}

/** What becomes of a line, said as soon as one more may be. */
async function says(
  { session }: Talker,
  ...line: Parameters<Session["chat"]["send"]>
): Promise<string> {
  for (;;) {
    const answer = await session.chat.send(...line);
    if (answer.said) return "said";
    if (answer.reason !== "TOO_FAST") return answer.reason;
    await Bun.sleep(answer.retryAfterMs);
  }
}

test("blocks hold, and local chat goes on while the server is away", async () => {
  const [ann, bob] = [await enter("Ann"), await enter("Bob")];
  const hears = (who: Talker, line: string) => until(line, () => who.heard.includes(line));

  expect(await says(bob, "psst", { channel: "private", target: ann.id })).toBe("said");
  await hears(ann, "private Bob: psst");
  await ann.client.api.chat.block.mutate({ playerId: bob.id });
  expect(await says(bob, "hey", { channel: "private", target: ann.id })).toBe("FORBIDDEN");
  expect(await says(bob, "all of you", { channel: "global" })).toBe("said");
  await hears(bob, "global Bob: all of you");
  await ann.client.api.chat.unblock.mutate({ playerId: bob.id });
  await until("Ann to hear Bob again", async () => {
    await says(bob, "again", { channel: "global" });
    return ann.heard.includes("global Bob: again");
  });
  expect(ann.heard).not.toContain("global Bob: all of you");

  await deployment.stopServer();
  expect(await says(ann, "to all", { channel: "global" })).toBe("UNAVAILABLE");
  expect(await says(ann, "near")).toBe("said");
  await hears(ann, "local Ann: near");
  await deployment.startServer();
  await until("the chat to be back", async () => {
    return (await says(ann, "back", { channel: "global" })) === "said";
  });
  await hears(bob, "global Ann: back");
}, 60_000);

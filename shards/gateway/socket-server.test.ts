// The door of a shard as a stranger meets it: plain TCP, and whatever bytes one likes.
import { expect, test } from "bun:test";
import { ShardFixture } from "../testing/shard-fixture.ts";

interface Stranger {
  write(text: string): void;
  /** All that came, once it holds `text`. */
  heard(text: string): Promise<string>;
  /** The shard has closed. */
  readonly closed: Promise<void>;
}

/** Connects without a word. */
async function connect(shard: ShardFixture): Promise<Stranger> {
  const { hostname, port } = new URL(shard.address);
  const closed = Promise.withResolvers<void>();
  let received = "";
  let hear = () => {};
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (_, bytes) => {
        received += bytes.toString("latin1");
        hear();
      },
      end: () => closed.resolve(),
      close: () => closed.resolve(),
    },
  });
  return {
    write: (text) => void socket.write(text),
    heard: (text) =>
      new Promise((resolve) => {
        hear = () => received.includes(text) && resolve(received);
        hear();
      }),
    closed: closed.promise,
  };
}

function upgradeRequest(path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Host: shard.test",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    "",
    "",
  ].join("\r\n");
}

test.each(["/game", "/ws"])("security 4: %s never agrees to compression", async (path) => {
  await using shard = await ShardFixture.start({ legacyForm: "events" });
  const stranger = await connect(shard);
  stranger.write(upgradeRequest(path));
  const answer = (await stranger.heard("\r\n\r\n")).toLowerCase();
  expect(answer).toStartWith("http/1.1 101 ");
  expect(answer).not.toContain("sec-websocket-extensions");
});

// Bun itself cuts them; it looks every 4 s, so this takes one about 8 to 12.
test("security 4: a head that never ends is cut, though it comes in pieces", async () => {
  await using shard = await ShardFixture.start();
  const [silent, half, second, dribble] = await Promise.all(
    Array.from({ length: 4 }, () => connect(shard)),
  );
  half?.write(upgradeRequest("/game").slice(0, 60));
  second?.write("GET /health HTTP/1.1\r\nHost: shard.test\r\n\r\n");
  await second?.heard("serving");
  second?.write("GET /health HTTP/1.1\r\nHost:");
  dribble?.write("GET /health HTTP/1.1\r\nX-Slow: ");
  const timer = setInterval(() => dribble?.write("a"), 500);
  try {
    await Promise.all([silent, half, second, dribble].map((stranger) => stranger?.closed));
  } finally {
    clearInterval(timer);
  }
}, 30_000);

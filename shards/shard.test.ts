import { describe, expect, test } from "bun:test";
import { GoodbyeReason, RejectionReason } from "#proto/frame_pb.ts";
import { CLOSE } from "#shared/net/protocol.ts";
import { LeapingClock } from "#shared/testing/leaping-clock.ts";
import { actionFrame } from "./testing/client-frames.ts";
import { GameClient } from "./testing/game-client.ts";
import { ShardFixture } from "./testing/shard-fixture.ts";

async function join(shard: ShardFixture, playerId: string): Promise<GameClient> {
  return GameClient.join(shard.address, { ticket: await shard.ticket(playerId) });
}

describe("playing", () => {
  test("a player is welcomed, sees itself, moves and is told where it is", async () => {
    await using shard = await ShardFixture.start();
    using ann = await join(shard, "ann");
    const parameters = ann.welcome?.world;
    expect(parameters?.case).toBe("arena");
    await ann.sees((entities) => entities.get(ann.entity)?.name === "ann");
    const before = ann.lastTick?.ack?.self.value?.x ?? 0;
    const dx = before > 10_000 ? -1 : 1;
    const started = await ann.acknowledged(ann.move(dx, 0));
    const stopped = await ann.acknowledged(ann.move(0, 0));
    const after = stopped.ack?.self.value?.x ?? 0;
    expect((after - before) * dx).toBeGreaterThan(0);
    expect(stopped.tick).toBeGreaterThan(started.tick);
  });

  test("two players see each other come, move and go", async () => {
    await using shard = await ShardFixture.start();
    using ann = await join(shard, "ann");
    using bob = await join(shard, "bob");
    const wide = { width: 1_600, height: 1_200 };
    // Wherever both came in, they walk to the same corner and meet there.
    for (const client of [ann, bob]) {
      client.send({ case: "viewport", value: wide });
      client.move(-1, -1);
    }
    await ann.sees((entities) => entities.get(bob.entity)?.name === "bob");
    await bob.sees((entities) => entities.get(ann.entity)?.name === "ann");
    bob.send({ case: "leave", value: {} });
    expect((await bob.ended).code).toBe(CLOSE.left);
    await ann.sees((entities) => !entities.has(bob.entity));
  });

  test("a new name is seen by everyone without a new join", async () => {
    await using shard = await ShardFixture.start();
    using ann = await join(shard, "ann");
    const value = { playerId: "ann", displayName: "Annabel" };
    shard.hub.publish("players", { case: "playerRenamed", value });
    await ann.sees((entities) => entities.get(ann.entity)?.name === "Annabel");
  });

  test("a refused action is answered with its reason and changes nothing", async () => {
    await using shard = await ShardFixture.start();
    using ann = await join(shard, "ann");
    ann.attack();
    const second = ann.attack();
    const rejection = await ann.next("rejection");
    expect(rejection).toMatchObject({ sequence: second, reason: RejectionReason.COOLDOWN });
    const third = ann.move(3, 0);
    expect(await ann.next("rejection")).toMatchObject({
      sequence: third,
      reason: RejectionReason.INVALID,
    });
  });

  test("a pong tells the shard's time", async () => {
    await using shard = await ShardFixture.start();
    using ann = await join(shard, "ann");
    await ann.next("tick");
    ann.send({ case: "ping", value: { clientTimeMs: 12.5 } });
    const pong = await ann.next("pong");
    expect(pong.clientTimeMs).toBe(12.5);
    expect(pong.tick).toBeGreaterThan(0);
  });
});

describe("credentials", () => {
  test.each([
    ["forged", GoodbyeReason.TICKET_INVALID, async () => "no.ticket.atall"],
    [
      "of another shard",
      GoodbyeReason.TICKET_INVALID,
      (shard: ShardFixture) => shard.ticket("ann", { audience: "arena:2:eu-west-1" }),
    ],
    [
      "expired",
      GoodbyeReason.TICKET_EXPIRED,
      (shard: ShardFixture) => shard.ticket("ann", { expiresIn: -1 }),
    ],
  ])("a ticket that is %s is refused with what to do", async (_, reason, make) => {
    await using shard = await ShardFixture.start();
    using client = new GameClient(shard.address);
    await client.hello({ ticket: await make(shard) });
    const goodbye = await client.next("goodbye");
    expect(goodbye.reason).toBe(reason);
    expect(goodbye.message).toContain("ask worlds.join for a new one");
    expect((await client.ended).code).toBe(CLOSE.credentialRefused);
  });

  test("security 4: a ticket is used once, also across a restart", async () => {
    await using shard = await ShardFixture.start();
    const ticket = await shard.ticket("ann");
    using first = await GameClient.join(shard.address, { ticket });
    await first.next("tick");
    for (const restart of [false, true]) {
      if (restart) await shard.restart();
      using second = new GameClient(shard.address);
      await second.hello({ ticket });
      expect((await second.next("goodbye")).reason).toBe(GoodbyeReason.TICKET_USED);
    }
  });

  test("another protocol version is told to update", async () => {
    await using shard = await ShardFixture.start();
    using client = new GameClient(shard.address);
    await client.hello({ ticket: "any" }, 99);
    expect((await client.next("goodbye")).message).toContain("update the client");
    expect((await client.ended).code).toBe(CLOSE.version);
  });

  test("security 4: the same player from elsewhere takes over, the newer wins", async () => {
    await using shard = await ShardFixture.start();
    using first = await join(shard, "ann");
    await first.acknowledged(first.move(1, 0));
    using second = await join(shard, "ann");
    expect((await first.next("goodbye")).reason).toBe(GoodbyeReason.REPLACED);
    expect((await first.ended).code).toBe(CLOSE.replaced);
    expect(second.entity).toBe(first.entity);
    expect(second.welcome?.sequence).toBe(0);
  });

  test("a full shard says so", async () => {
    await using shard = await ShardFixture.start({ playersMax: 1 });
    using _first = await join(shard, "ann");
    using second = new GameClient(shard.address);
    await second.hello({ ticket: await shard.ticket("bob") });
    expect((await second.next("goodbye")).reason).toBe(GoodbyeReason.FULL);
    expect((await second.ended).code).toBe(CLOSE.full);
  });

  test("a revoked player is shown out and cannot resume", async () => {
    await using shard = await ShardFixture.start();
    using ann = await join(shard, "ann");
    const value = { playerId: "ann", reason: "banned for a day" };
    shard.hub.publish("sessions", { case: "sessionsRevoked", value });
    const goodbye = await ann.next("goodbye");
    expect(goodbye).toMatchObject({ reason: GoodbyeReason.REVOKED, message: "banned for a day" });
    expect((await ann.ended).code).toBe(CLOSE.revoked);
    using again = new GameClient(shard.address);
    await again.hello({ resumeToken: ann.welcome?.resumeToken ?? "" });
    expect((await again.next("goodbye")).reason).toBe(GoodbyeReason.RESUME_EXPIRED);
  });

  test("a player who was sent to another shard of the world is let go", async () => {
    await using shard = await ShardFixture.start();
    using ann = await join(shard, "ann");
    using bob = await join(shard, "bob");
    const move = (playerId: string, shardKey: string) =>
      shard.hub.publish("sessions", { case: "playerMoved", value: { playerId, shardKey } });
    move("bob", "arena:1:eu-west-1");
    move("bob", "blocks:2:eu-west-1");
    move("ann", "arena:2:eu-west-1");
    expect((await ann.next("goodbye")).reason).toBe(GoodbyeReason.REPLACED);
    expect((await ann.ended).code).toBe(CLOSE.replaced);
    await bob.sees((players) => !players.has(ann.entity));
    await bob.acknowledged(bob.move(1, 0));
  });
});

describe("resuming", () => {
  test("after a cut the session goes on with its sequence, standing still", async () => {
    await using shard = await ShardFixture.start();
    using first = await join(shard, "ann");
    const sequence = first.move(1, 0);
    await first.acknowledged(sequence);
    first.cut();
    await first.ended;
    using second = await GameClient.join(shard.address, {
      resumeToken: first.welcome?.resumeToken ?? "",
    });
    expect(second.welcome).toMatchObject({ resumed: true, sequence, entityId: first.entity });
    const tick = await second.next("tick", ({ ack }) => ack !== undefined);
    expect(tick.ack?.self.value).toMatchObject({ controls: { dx: 0, dy: 0 } });
  });

  test("a resume token works once", async () => {
    await using shard = await ShardFixture.start();
    using first = await join(shard, "ann");
    const resumeToken = first.welcome?.resumeToken ?? "";
    using _second = await GameClient.join(shard.address, { resumeToken });
    using third = new GameClient(shard.address);
    await third.hello({ resumeToken });
    expect((await third.next("goodbye")).reason).toBe(GoodbyeReason.RESUME_EXPIRED);
  });

  test("a restarted shard has everyone where they were, and lets them resume", async () => {
    await using shard = await ShardFixture.start();
    using first = await join(shard, "ann");
    await first.acknowledged(first.move(1, 1));
    const { ack } = await first.acknowledged(first.move(0, 0));
    const place = { x: ack?.self.value?.x ?? 0, y: ack?.self.value?.y ?? 0 };
    await shard.restart();
    expect((await first.next("goodbye")).reason).toBe(GoodbyeReason.STOPPING);
    using second = await GameClient.join(shard.address, {
      resumeToken: first.welcome?.resumeToken ?? "",
    });
    const tick = await second.next("tick", (frame) => frame.ack !== undefined);
    expect(tick.ack?.self.value).toMatchObject(place);
    expect(tick.tick).toBeGreaterThan(ack === undefined ? 0 : 1);
  });

  test("a restarted shard gives an action that comes again the answer that it had", async () => {
    await using shard = await ShardFixture.start();
    using ann = await join(shard, "ann");
    using bob = await join(shard, "bob");
    const gift = { case: "give" as const, value: { entity: bob.entity } };
    const actionId = new Uint8Array(16).fill(7);
    ann.send(actionFrame({ sequence: 1, tick: 0 }, gift, actionId));
    const result = await ann.next("result");
    await shard.restart();
    using again = await GameClient.join(shard.address, {
      resumeToken: ann.welcome?.resumeToken ?? "",
    });
    again.send(actionFrame({ sequence: 2, tick: 0 }, gift, actionId));
    expect(await again.next("result")).toEqual(result);
  });

  test("a shard that stood still for minutes lets everyone resume", async () => {
    const clock = new LeapingClock();
    await using shard = await ShardFixture.start({}, undefined, clock);
    using first = await join(shard, "ann");
    const sequence = first.move(1, 0);
    await first.acknowledged(sequence);
    first.cut();
    await first.ended;
    clock.standStill(10 * 60_000);
    using second = await GameClient.join(shard.address, {
      resumeToken: first.welcome?.resumeToken ?? "",
    });
    expect(second.welcome).toMatchObject({ resumed: true, sequence, entityId: first.entity });
    // Who was connected is not cut off for what the shard could not hear.
    clock.standStill(10 * 60_000);
    await second.acknowledged(second.move(0, 0));
    expect(shard.losses).toEqual([]);
  });

  test("a shard that is started again minutes later lets everyone resume", async () => {
    const clock = new LeapingClock();
    await using shard = await ShardFixture.start({}, undefined, clock);
    using first = await join(shard, "ann");
    const sequence = first.move(1, 0);
    await first.acknowledged(sequence);
    await shard.stop();
    clock.standStill(10 * 60_000);
    await shard.restart();
    clock.standStill(10 * 60_000);
    using second = await GameClient.join(shard.address, {
      resumeToken: first.welcome?.resumeToken ?? "",
    });
    expect(second.welcome).toMatchObject({ resumed: true, sequence, entityId: first.entity });
  });

  test("a player who left comes back where it left", async () => {
    await using shard = await ShardFixture.start();
    using first = await join(shard, "ann");
    await first.acknowledged(first.move(1, 1));
    const { ack } = await first.acknowledged(first.move(0, 0));
    const place = { x: ack?.self.value?.x ?? 0, y: ack?.self.value?.y ?? 0 };
    first.send({ case: "leave", value: {} });
    await first.ended;
    using second = await join(shard, "ann");
    const tick = await second.next("tick", (frame) => frame.ack !== undefined);
    expect(tick.ack?.self.value).toMatchObject(place);
  });
});

describe("security 4: bad frames close their connection and nobody else's", () => {
  const cases: [string, number, (client: GameClient) => void][] = [
    ["text", CLOSE.text, (client) => client.sendRaw("hello")],
    ["garbage", CLOSE.undecodable, (client) => client.sendRaw(new Uint8Array([255, 255, 255]))],
    ["an empty frame", CLOSE.undecodable, (client) => client.sendRaw(new Uint8Array(0))],
    ["a long frame", CLOSE.tooLong, (client) => client.sendRaw(new Uint8Array(4_097))],
    ["a second hello", CLOSE.flood, (client) => void client.hello({ ticket: "x" })],
    [
      "a flood",
      CLOSE.flood,
      (client) => {
        for (let count = 0; count < 400; count++) client.move(0, 0);
      },
    ],
  ];
  test.each(cases)("%s", async (_, code, act) => {
    await using shard = await ShardFixture.start();
    using bystander = await join(shard, "bob");
    using client = await join(shard, "ann");
    act(client);
    expect((await client.ended).code).toBe(code);
    await bystander.acknowledged(bystander.move(1, 0));
  });

  test("input before the welcome", async () => {
    await using shard = await ShardFixture.start();
    using client = new GameClient(shard.address);
    await client.opened;
    client.move(1, 0);
    expect((await client.ended).code).toBe(CLOSE.flood);
  });
});

describe("the door", () => {
  const upgrade = { connection: "Upgrade", upgrade: "websocket" };
  const key = { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13" };

  test("security 4: a foreign origin is refused before the upgrade", async () => {
    await using shard = await ShardFixture.start();
    const url = shard.address.replace("ws:", "http:");
    const headers = { ...upgrade, ...key, origin: "https://elsewhere.example" };
    expect((await fetch(url, { headers })).status).toBe(403);
  });

  test("security 4: one address holds a bounded number of connections", async () => {
    await using shard = await ShardFixture.start({ connectionsPerAddressMax: 1 });
    using first = new GameClient(shard.address);
    await first.opened;
    const url = shard.address.replace("ws:", "http:");
    expect((await fetch(url, { headers: { ...upgrade, ...key } })).status).toBe(429);
  });

  test.each(["][", ""])("a request with the host %p is refused, not an error", async (host) => {
    await using shard = await ShardFixture.start();
    const { port } = new URL(shard.address);
    const { promise, resolve } = Promise.withResolvers<string>();
    using socket = await Bun.connect({
      hostname: "127.0.0.1",
      port: Number(port),
      socket: { data: (_, bytes) => resolve(bytes.toString("latin1")) },
    });
    socket.write(`GET /game HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect((await promise).slice(0, 13)).toBe("HTTP/1.1 400 ");
  });

  test("health, readiness and metrics", async () => {
    await using shard = await ShardFixture.start();
    using _ann = await join(shard, "ann");
    const url = shard.address.replace("ws:", "http:").replace("/game", "");
    const health = await (await fetch(`${url}/health`)).json();
    expect(health).toMatchObject({ status: "serving", shard: "arena:1:eu-west-1", players: 1 });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain("tessera_tick_duration_seconds_bucket");
    expect(metrics).toMatch(/tessera_players\{[^}]*\} 1/);
  });
});

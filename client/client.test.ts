import { afterAll, beforeAll, expect, test } from "bun:test";
import { EventSource } from "eventsource";
import { until } from "#shared/testing/until.ts";
import { type Client, type ClientOptions, createClient, type Session } from "./index.ts";
import { Deployment } from "./sdk/testing/deployment.ts";
import { createMemoryStorage } from "./sdk/token-store.ts";

let deployment: Deployment;

beforeAll(async () => {
  deployment = await Deployment.start();
});

afterAll(async () => {
  await deployment[Symbol.asyncDispose]();
});

function open(options: Partial<ClientOptions> = {}): Client {
  return createClient({ url: deployment.url, storage: createMemoryStorage(), ...options });
}

async function joinAs(displayName: string, options: Partial<ClientOptions> = {}): Promise<Session> {
  const client = open(options);
  await client.guest({ displayName });
  return client.join("arena", { viewport: { width: 1_600, height: 1_200 } });
}

/** A WebSocket class whose open connections can be broken. */
function breakable() {
  const sockets: WebSocket[] = [];
  class BreakableSocket extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  return {
    WebSocket: BreakableSocket,
    breakAll: () => sockets.map((socket) => socket.close(4999)),
  };
}

test("an account is made, left, entered again, and refused with a wrong password", async () => {
  const client = open();
  const login = { username: "ada-l", password: "correct horse battery" };
  const made = await client.register({ ...login, displayName: "Ada" });
  expect(made).toMatchObject({ username: "ada-l", displayName: "Ada", guest: false });
  await client.logOut();
  expect(client.player).toBeNull();
  await expect(client.api.players.me.query()).rejects.toThrow();
  expect((await client.logIn(login)).id).toBe(made.id);
  const wrong = open().logIn({ ...login, password: "wrong horse battery" });
  await expect(wrong).rejects.toThrow("username");
});

test("a guest's wrong password is sent once and leaves the guest logged in", async () => {
  const sent: string[] = [];
  const client = open({
    fetch(input, init) {
      sent.push(new URL(input instanceof Request ? input.url : input).pathname);
      return fetch(input, init);
    },
  });
  const guest = await client.guest({ displayName: "Cy" });
  const wrong = client.logIn({ username: "nobody-here", password: "wrong horse battery" });
  await expect(wrong).rejects.toThrow("username");
  expect(sent).toEqual(["/trpc/auth.guest", "/trpc/auth.logIn"]);
  expect(client.player).toEqual(guest);
});

test("a stored guest comes back, with fresh tokens when the old ones are refused", async () => {
  const storage = createMemoryStorage();
  const first = await open({ storage }).guest({ displayName: "Bo" });
  const key = `tessera:login:${deployment.url}`;
  const stored = JSON.parse(storage.getItem(key) ?? "{}");
  storage.setItem(key, JSON.stringify({ ...stored, accessToken: `${stored.accessToken}x` }));
  const second = open({ storage });
  const [me, again] = await Promise.all([second.guest(), second.restore()]);
  expect([me.id, again?.id]).toEqual([first.id, first.id]);
  const renewed = JSON.parse(storage.getItem(key) ?? "{}");
  expect(renewed.refreshToken).not.toBe(stored.refreshToken);
  storage.setItem(key, JSON.stringify({ ...renewed, accessToken: "x", refreshToken: "y" }));
  expect(await open({ storage }).restore()).toBeNull();
});

test("two players see each other move, and the prediction holds", async () => {
  const ada = await joinAs("Ada");
  const bo = await joinAs("Bo");
  const seen = await until("Ada sees Bo or is near nobody", () => {
    steer(ada, bo);
    return ada.sample().others.find(({ id }) => id === bo.entityId);
  });
  expect(seen.name).toBe("Bo");
  ada.setControls(0, 0);
  const { self } = bo.sample();
  bo.setControls((self?.x ?? 0) > 1_000 ? -1 : 1, 0);
  const from = seen.x;
  await until("Bo moves on Ada's screen", () => {
    bo.sample();
    const shown = ada.sample().others.find(({ id }) => id === bo.entityId);
    return shown !== undefined && Math.abs(shown.x - from) > 40;
  });
  bo.setControls(0, 0);
  await until("both agree on where Bo rests", () => {
    const shown = ada.sample().others.find(({ id }) => id === bo.entityId);
    const own = bo.sample().self;
    return own?.state === "idle" && shown?.x === own.x && shown.y === own.y;
  });
  expect(bo.stats.corrections).toBe(0);
  await until("the shard to let both prove what they know", () => {
    return ada.stats.stateChecks > 2 && bo.stats.stateChecks > 2;
  });
  expect([ada.stats.stateMismatches, bo.stats.stateMismatches]).toEqual([0, 0]);
  await Promise.all([ada.leave(), bo.leave()]);
});

/** Walks towards someone who may be out of sight: the shard would not tell, the test knows. */
function steer(session: Session, other: Session): void {
  const [from, to] = [session.sample().self, other.sample().self];
  if (from === null || to === null) return;
  const sign = (way: number) => (Math.abs(way) < 20 ? 0 : Math.sign(way));
  session.setControls(sign(to.x - from.x), sign(to.y - from.y));
}

test("a broken connection resumes the same entity", async () => {
  const { WebSocket, breakAll } = breakable();
  const session = await joinAs("Cy", { WebSocket });
  await until("the first acknowledgement", () => session.sample().self);
  const { entityId } = session;
  breakAll();
  await until("the cut to be noticed", () => session.status === "reconnecting");
  await until("the session to resume", () => session.status === "playing");
  expect(session.entityId).toBe(entityId);
  expect(session.stats.reconnects).toBe(1);
  await session.leave();
});

test("a second session of the same player closes the first with a reason", async () => {
  const storage = createMemoryStorage();
  const client = open({ storage });
  await client.guest({ displayName: "Di" });
  const first = await client.join("arena");
  const words: string[] = [];
  first.on("goodbye", ({ message }) => words.push(message));
  const second = await client.join("arena");
  await until("the first session to end", () => first.status === "closed");
  expect(words.length).toBe(1);
  expect(second.status).toBe("playing");
  await second.leave();
});

test("the population is told as it changes", async () => {
  const client = open({ EventSource });
  const populations: number[] = [];
  const watching = client.api.worlds.watchPopulation.subscribe(
    { worldId: "arena" },
    { onData: ({ data }) => populations.push(data.population) },
  );
  await until("a world without the players of before", () => populations.at(-1) === 0);
  const session = await joinAs("Flo");
  await until("one more", () => populations.at(-1) === 1);
  await session.leave();
  await until("one less", () => populations.at(-1) === 0);
  watching.unsubscribe();
});

test("what happens to the player is told to it, and to nobody who is not logged in", async () => {
  const client = open({ EventSource });
  const refused = Promise.withResolvers<unknown>();
  client.api.events.follow.subscribe({}, { onError: refused.resolve });
  expect(await refused.promise).toBeInstanceOf(Error);
  await client.guest({ displayName: "Gil" });
  const told: string[] = [];
  const following = client.api.events.follow.subscribe(
    { after: "0", types: "player.logged_in,player.renamed" },
    { onData: ({ data }) => told.push(String(data.data.displayName ?? data.type)) },
  );
  await until("what was", () => told.includes("player.logged_in"));
  await client.api.players.rename.mutate({ displayName: "Gilda" });
  await until("what came", () => told.includes("Gilda"));
  expect(told).toEqual(["player.logged_in", "Gilda"]);
  following.unsubscribe();
});

test("a browser's EventSource, which sends no headers, is let in by tickets", async () => {
  const opened: string[] = [];
  class BrowserEventSource extends EventSource {
    constructor(url: string | URL) {
      super(url);
      opened.push(String(url));
    }
  }
  const before = globalThis.EventSource;
  Object.assign(globalThis, { EventSource: BrowserEventSource });
  try {
    const client = open({});
    await client.guest({ displayName: "Hal" });
    const told: string[] = [];
    const input = { after: "0", types: "player.logged_in" };
    const follow = () =>
      client.api.events.follow.subscribe(input, {
        onData: ({ data }) => told.push(String(data.data.type)),
      });
    const first = follow();
    await until("what was", () => told.length === 1);
    first.unsubscribe();
    const second = follow();
    await until("what was, again", () => told.length === 2);
    second.unsubscribe();
    const [one, two] = opened.map((url) => new URL(url).searchParams.get("connectionParams"));
    expect(one).toContain("ticket");
    expect(two).not.toBe(one);
    expect(opened.join()).not.toContain("eyJ");
  } finally {
    Object.assign(globalThis, { EventSource: before });
  }
});

test("a killed shard is waited for, and the player goes on where it was", async () => {
  const session = await joinAs("Ed");
  await until("the first acknowledgement", () => session.sample().self);
  const { x, y } = session.sample().self ?? { x: -1, y: -1 };
  const statuses: string[] = [];
  session.on("status", (status) => statuses.push(status));
  await deployment.killShard();
  await until("the loss to be noticed", () => session.status === "reconnecting");
  await deployment.startShard();
  await until("the way back", () => session.status === "playing");
  await until("the picture of the new world", () => session.selfState.health > 0);
  expect(session.sample().self).toMatchObject({ x, y });
  expect(statuses).toEqual(["reconnecting", "playing"]);
  await session.leave();
});

test("a credit given is there after the shard was killed, and so is its answer", async () => {
  const [ada, bo] = [await joinAs("Ada"), await joinAs("Bo")];
  await until("the first acknowledgements", () => {
    return ada.sample().self !== null && bo.sample().self !== null;
  });
  const give = () => ada.perform({ case: "give", entity: bo.entityId });
  await give();
  await until("both to see it", () => {
    return ada.selfState.credits === 2 && bo.selfState.credits === 4;
  });
  const onItsWay = give();
  await deployment.killShard();
  await until("the loss to be noticed", () => ada.status === "reconnecting");
  const whileAway = give();
  await deployment.startShard();
  await until("the way back", () => {
    return ada.sample().self !== null && bo.sample().self !== null && bo.status === "playing";
  });
  await Promise.all([onItsWay, whileAway]);
  await until("both to see all of it", () => {
    return ada.selfState.credits === 0 && bo.selfState.credits === 6;
  });
  await expect(give()).rejects.toThrow("cannot give: the player cannot pay for it (UNAFFORDABLE)");
  await expect(bo.perform({ case: "respawn" })).rejects.toThrow("the player is alive (ALIVE)");
  await Promise.all([ada.leave(), bo.leave()]);
});

test("a server that is away leaves the game alone; the next join says what is wrong", async () => {
  const client = open();
  await client.guest({ displayName: "Gus" });
  const session = await client.join("arena");
  await deployment.stopServer();
  expect(session.status).toBe("playing");
  await expect(client.join("arena")).rejects.toThrow("cannot join arena: ");
  await deployment.startServer();
  const again = await until("the world to be known again", () =>
    client.join("arena").catch(() => undefined),
  );
  expect(again.entityId).toBe(session.entityId);
  await until("the older session to end", () => session.status === "closed");
  await again.leave();
});

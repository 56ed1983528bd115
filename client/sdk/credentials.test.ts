import { expect, test } from "bun:test";
import type { ClientPlayer } from "./client-types.ts";
import { Credentials } from "./credentials.ts";
import { createMemoryStorage, createTokenStore, type StoredLogin } from "./token-store.ts";

const URL_ = "http://127.0.0.1:8088";

function player(guest: boolean): ClientPlayer {
  return { id: "p", username: guest ? null : "ada", displayName: "Ada", role: "player", guest };
}

function login(version: number, guest = false): StoredLogin {
  return {
    player: player(guest),
    accessToken: `access-${version}`,
    refreshToken: `refresh-${version}`,
  };
}

function createCredentials(refresh: (token: string) => Promise<StoredLogin>) {
  const storages = { lasting: createMemoryStorage(), tab: createMemoryStorage() };
  const open = () =>
    new Credentials({
      store: createTokenStore(URL_, storages),
      refresh,
      refused: (error) => error instanceof RangeError,
      lock: (work) => work(),
    });
  return { storages, open };
}

test("however many calls were refused, there is one refresh", async () => {
  const asked: string[] = [];
  const { open } = createCredentials(async (token) => {
    asked.push(token);
    return login(2);
  });
  const credentials = open();
  credentials.adopt(login(1));
  expect(credentials.reject("access-1")).toBe(true);
  const tokens = await Promise.all([credentials.accessToken(), credentials.accessToken()]);
  expect(tokens).toEqual(["access-2", "access-2"]);
  expect(credentials.reject("access-1")).toBe(true);
  expect(await credentials.accessToken()).toBe("access-2");
  expect(asked).toEqual(["refresh-1"]);
});

test("a refused refresh ends the login, trouble on the way does not", async () => {
  let error: Error = new TypeError("no network");
  const { open } = createCredentials(() => Promise.reject(error));
  const credentials = open();
  credentials.adopt(login(1));
  credentials.reject("access-1");
  await expect(credentials.accessToken()).rejects.toThrow("no network");
  expect(credentials.player).not.toBeNull();
  error = new RangeError("reused");
  expect(await credentials.accessToken()).toBeNull();
  expect(credentials.player).toBeNull();
  expect(open().load()).toBe(false);
});

test("what another tab has refreshed is taken over instead of using the token again", async () => {
  const { open } = createCredentials(() => Promise.reject(new RangeError("reused")));
  const [one, other] = [open(), open()];
  one.adopt(login(1));
  other.load();
  one.adopt(login(2));
  other.reject("access-1");
  expect(await other.accessToken()).toBe("access-2");
});

test("a login that is refused takes nobody else's login with it", async () => {
  const { storages, open } = createCredentials(() => Promise.reject(new RangeError("ended")));
  const credentials = open();
  credentials.adopt(login(1));
  const bo = { ...login(2), player: { ...player(false), id: "q" } };
  createTokenStore(URL_, storages).save(bo);
  credentials.reject("access-1");
  expect(await credentials.accessToken()).toBeNull();
  expect(createTokenStore(URL_, storages).load()).toEqual(bo);
});

test("accounts outlive the tab, guests belong to it", () => {
  const { storages, open } = createCredentials(() => Promise.reject(new Error("unused")));
  const otherTab = createTokenStore(URL_, {
    lasting: storages.lasting,
    tab: createMemoryStorage(),
  });
  open().adopt(login(1, true));
  expect(otherTab.load()).toBeNull();
  expect(open().load()).toBe(true);
  open().adopt(login(2));
  expect(otherTab.load()).toEqual(login(2));
});

test("one storage for both keeps accounts and guests, too", () => {
  const storage = createMemoryStorage();
  const store = createTokenStore(URL_, { lasting: storage, tab: storage });
  for (const kept of [login(1, true), login(2), login(3, true)]) {
    store.save(kept);
    expect(store.load()).toEqual(kept);
  }
  store.clear();
  expect(store.load()).toBeNull();
});

test("what is not a login in the storage counts as none", () => {
  const storage = createMemoryStorage();
  const store = createTokenStore(URL_, { lasting: storage, tab: storage });
  for (const text of ["", "{", "null", '{"player":{}}', '{"player":{"id":1}}', "[1]"]) {
    storage.setItem("tessera:login:http://127.0.0.1:8088", text);
    expect(store.load()).toBeNull();
  }
});

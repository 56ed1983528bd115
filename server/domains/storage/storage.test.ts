import { describe, expect, test } from "bun:test";
import { z } from "zod";
import {
  OBJECTS_LENGTH_MAX,
  ObjectPage,
  ReadObjects,
  WrittenObjects,
} from "#shared/model/storage.ts";
import {
  type Answer,
  createTestServer,
  readError,
  TEST_CLUSTER_SECRET,
  type TestServer,
} from "../../testing/test-server.ts";

const RIVALS = 64;

/** A server with a player, and what one does with its objects. */
async function start() {
  const server = await createTestServer({ limitFactor: 100 });
  const { accessToken: token, player } = await server.guest("Ada");
  return {
    server,
    player,
    ...usersOf(server, token),
    other: usersOf(server, (await server.guest("Ben")).accessToken),
    service: usersOf(server, TEST_CLUSTER_SECRET),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}

function usersOf(server: TestServer, token: string) {
  const post = (path: string, objects: readonly unknown[]) =>
    server.call("POST", `/api/storage/${path}`, { token, body: { objects } });
  return {
    write: (...objects: readonly unknown[]) => post("write", objects),
    writeFor: (...objects: readonly unknown[]) => post("for/write", objects),
    read: (...objects: readonly unknown[]) => post("read", objects),
    readFor: (...objects: readonly unknown[]) => post("for/read", objects),
    get: (path: string) => server.call("GET", `/api/storage/${path}`, { token }),
    delete: (path: string) => server.call("DELETE", `/api/storage/${path}`, { token }),
  };
}

const slot = (key: string, value: unknown = { level: 1 }) => ({ collection: "saves", key, value });

function versionOf(answer: Answer, index = 0): string {
  const version = WrittenObjects.parse(answer.body).objects[index]?.version;
  if (version === undefined) throw new Error(`nothing was written: ${JSON.stringify(answer)}`);
  return version;
}

function refusalOf(answer: Answer): [number, string, string] {
  const { code, message } = readError(answer);
  return [answer.status, code, message];
}

describe("versions", () => {
  test("what is written is read back, and each write gives another version", async () => {
    await using house = await start();
    const value = { level: 3, list: [1, null, { "a b": "ü\u0000\"'" }], on: true };
    const first = versionOf(await house.write(slot("one", value)));
    const read = await house.get("saves/one");
    expect(read.body).toMatchObject({
      ...{ playerId: house.player.id, collection: "saves", key: "one", value, version: first },
      ...{ read: "owner", write: "owner" },
    });
    const second = versionOf(await house.write(slot("one", { level: 4 })));
    expect(second).not.toBe(first);
    expect((await house.get("saves/one")).body).toMatchObject({ value: { level: 4 } });
  });

  test("a stale version is a conflict and changes nothing", async () => {
    await using house = await start();
    const version = versionOf(await house.write(slot("one")));
    await house.write({ ...slot("one", { level: 2 }), version });
    const late = await house.write({ ...slot("one", { level: 9 }), version });
    expect(refusalOf(late)).toEqual([
      409,
      "CONFLICT",
      "cannot write saves/one (objects.0): it is not of that version any more; read it again, " +
        "and write anew",
    ]);
    expect((await house.get("saves/one")).body).toMatchObject({ value: { level: 2 } });
  });

  test("new is for what is not there, and a version for what is", async () => {
    await using house = await start();
    expect((await house.write({ ...slot("one"), version: "new" })).status).toBe(200);
    const again = await house.write({ ...slot("one"), version: "new" });
    expect(refusalOf(again)[2]).toContain("there is one already");
    const gone = await house.write({ ...slot("two"), version: "0".repeat(16) });
    expect(gone.status).toBe(409);
  });

  test("what was deleted and written anew is not taken for what it was", async () => {
    await using house = await start();
    const version = versionOf(await house.write(slot("one")));
    expect((await house.delete("saves/one")).body).toEqual({ deleted: true });
    await house.write(slot("one"));
    expect((await house.write({ ...slot("one"), version })).status).toBe(409);
    expect((await house.delete(`saves/one?version=${version}`)).status).toBe(409);
    expect((await house.delete("saves/none")).status).toBe(404);
  });

  test.each(["new", "a version"])(`of ${RIVALS} who write by %s at once, one wins`, async (by) => {
    await using house = await start();
    const version = by === "new" ? "new" : versionOf(await house.write(slot("one")));
    const answers = await Promise.all(
      Array.from({ length: RIVALS }, (_, rival) =>
        house.write({ ...slot("one", { rival }), version }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(RIVALS - 1);
    const winner = statuses.indexOf(200);
    expect((await house.get("saves/one")).body).toMatchObject({ value: { rival: winner } });
  });
});

describe("batches", () => {
  test("one that is refused leaves the others unwritten", async () => {
    await using house = await start();
    await house.write(slot("two"));
    const answer = await house.write(slot("one"), { ...slot("two"), version: "new" });
    expect(refusalOf(answer)[2]).toStartWith("cannot write saves/two (objects.1): ");
    expect((await house.get("saves/one")).status).toBe(404);
  });

  test("are answered in the order of what was asked", async () => {
    await using house = await start();
    const written = await house.write(slot("b"), slot("a"), slot("c"));
    expect(WrittenObjects.parse(written.body).objects.map(({ key }) => key)).toEqual([
      ...["b", "a", "c"],
    ]);
    const asked = ["c", "none", "a"].map((key) => ({ collection: "saves", key }));
    const read = ReadObjects.parse((await house.read(...asked)).body);
    expect(read.objects.map(({ key }) => key)).toEqual(["c", "a"]);
  });

  test("are paged by key, one player's and one collection's", async () => {
    await using house = await start();
    await house.write(...["d", "b", "a", "c", "e"].map((key) => slot(key)));
    await house.write({ ...slot("x"), collection: "other" });
    await house.other.write(slot("y"));
    const keys: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const after = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = ObjectPage.parse((await house.get(`saves?limit=2${after}`)).body);
      keys.push(...page.objects.map(({ key }) => key));
      cursor = page.nextCursor;
    }
    expect(keys).toEqual(["a", "b", "c", "d", "e"]);
  });
});

describe("rights", () => {
  test("others read what is public, and nothing tells them of the rest", async () => {
    await using house = await start();
    const { id: playerId } = house.player;
    await house.write(slot("own"), { ...slot("shown"), read: "public" });
    await house.write({ ...slot("hidden"), read: "none" });
    const seen = async (user: Pick<typeof house, "get">) =>
      ObjectPage.parse((await user.get(`saves?playerId=${playerId}`)).body).objects.map(
        ({ key }) => key,
      );
    expect([await seen(house), await seen(house.other)]).toEqual([["own", "shown"], ["shown"]]);
    const asked = ["hidden", "own", "shown"].map((key) => ({ playerId, collection: "saves", key }));
    const read = ReadObjects.parse((await house.other.read(...asked)).body);
    expect(read.objects.map(({ key }) => key)).toEqual(["shown"]);
    for (const key of ["own", "none"]) {
      const answer = await house.other.get(`saves/${key}?playerId=${playerId}`);
      const message = `cannot get saves/${key}: there is none that you may read`;
      expect(refusalOf(answer)).toEqual([404, "NOT_FOUND", message]);
    }
  });

  test("nobody writes for another: an owner that is given is not looked at", async () => {
    await using house = await start();
    await house.other.write({ ...slot("one"), playerId: house.player.id });
    expect((await house.get("saves/one")).status).toBe(404);
    expect((await house.other.get("saves/one")).status).toBe(200);
    expect((await house.other.writeFor({ ...slot("one"), playerId: house.player.id })).status).toBe(
      401,
    );
  });

  test("what the server keeps for a player, the player may not change", async () => {
    await using house = await start();
    const { id: playerId } = house.player;
    const kept = { ...slot("purse", { gold: 5 }), playerId, write: "none" };
    expect((await house.service.writeFor(kept)).status).toBe(200);
    const message = "cannot write saves/purse (objects.0): only the server may write it";
    expect(refusalOf(await house.write(slot("purse")))).toEqual([403, "FORBIDDEN", message]);
    expect((await house.delete("saves/purse")).status).toBe(403);
    expect((await house.service.writeFor({ ...slot("purse"), playerId })).status).toBe(200);
    expect((await house.get("saves/purse")).body).toMatchObject({ write: "none", read: "owner" });
    const place = { playerId, collection: "saves", key: "purse" };
    expect(ReadObjects.parse((await house.service.readFor(place)).body).objects).toHaveLength(1);
    expect((await house.service.get(`for/${playerId}/saves`)).status).toBe(200);
    expect((await house.service.delete(`for/${playerId}/saves/purse`)).status).toBe(200);
  });

  test("nothing is kept for who is not there", async () => {
    await using house = await start();
    const playerId = "0190a0a0-0000-7000-8000-000000000001";
    const answer = await house.service.writeFor({ ...slot("one"), playerId });
    expect(refusalOf(answer).slice(0, 2)).toEqual([404, "NOT_FOUND"]);
  });
});

describe("bounds", () => {
  const json = (bytes: number) => ({ t: "x".repeat(bytes - 8) });
  const deep = (levels: number): unknown => (levels === 0 ? {} : { a: deep(levels - 1) });
  const bad: [string, unknown, string][] = [
    ["a value that is too large", slot("one", json(16_385)), "must be at most 16384 bytes of JSON"],
    ["a value that is too deep", slot("one", deep(40)), "more than 32 levels deep"],
    ["a value that is no object", slot("one", 3), "objects.0.value "],
    ["an integer that would be rounded", slot("one", { gold: 2 ** 53 }), "write them as texts"],
    ["a key with a slash", slot("a/b"), "objects.0.key must be of A-Z"],
    ["a key that is too long", slot("k".repeat(65)), "objects.0.key must be at most 64"],
    ["no such right", { ...slot("one"), read: "all" }, "objects.0.read "],
    ["no such version", { ...slot("one"), version: "1" }, "objects.0.version must be a version"],
  ];
  test.each(bad)("%s is refused by its name", async (_, object, message) => {
    await using house = await start();
    const answer = await house.write(object);
    expect(answer.status).toBe(400);
    expect(readError(answer).message).toContain(message);
  });

  test("a value of exactly the size is taken, and one object twice is not", async () => {
    await using house = await start();
    expect((await house.write(slot("one", json(16_384)))).status).toBe(200);
    const twice = await house.write(slot("one"), slot("one"));
    expect(readError(twice).message).toContain("objects.1 names an object that is in the list");
    expect((await house.write()).status).toBe(400);
  });

  test("a player has so many objects and no more, however they are written", async () => {
    await using house = await start();
    const many = Array.from({ length: OBJECTS_LENGTH_MAX - 1 }, (_, index) => slot(`k${index}`));
    for (let at = 0; at < many.length; at += 32) await house.write(...many.slice(at, at + 32));
    const both = await house.write(slot("x"), slot("y"));
    expect(refusalOf(both).slice(0, 2)).toEqual([409, "CONFLICT"]);
    expect(readError(both).message).toContain("more than 256 objects; delete some first");
    expect((await house.write(slot("x"), slot("k0"))).status).toBe(200);
    expect((await house.write(slot("k1"))).status).toBe(200);
    expect((await house.write(slot("y"))).status).toBe(409);
    expect((await house.other.write(slot("y"))).status).toBe(200);
  });

  test("an object that contains itself, as superjson can say, ends in a refusal", async () => {
    await using house = await start();
    const { accessToken } = await house.server.guest("Cy");
    const json = { objects: [slot("one", { a: { b: null } })] };
    const meta = { referentialEqualities: { "objects.0.value": ["objects.0.value.a.b"] } };
    const answer = await house.server.call("POST", "/trpc/storage.write", {
      token: accessToken,
      body: { json, meta },
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain("levels deep");
  });

  test("tRPC takes the same", async () => {
    await using house = await start();
    const { accessToken: token } = await house.server.guest("Cy");
    const body = { json: { objects: [slot("one")] } };
    const written = await house.server.call("POST", "/trpc/storage.write", { token, body });
    expect(written.status).toBe(200);
    const input = encodeURIComponent(JSON.stringify({ json: { collection: "saves", key: "one" } }));
    const read = await house.server.call("GET", `/trpc/storage.get?input=${input}`, { token });
    const Shape = z.object({ result: z.object({ data: z.object({ json: z.unknown() }) }) });
    expect(Shape.parse(read.body).result.data.json).toMatchObject({ value: { level: 1 } });
  });
});

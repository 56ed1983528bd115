import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { z } from "zod";
import { Group } from "#shared/model/groups.ts";
import { appRouter } from "./app-router.ts";
import { createTestServer, type TestServer } from "./testing/test-server.ts";
import { callProcedure, listProcedures } from "./unsafe.ts";

const ROOT = join(import.meta.dir, "..");
/** A page may not be longer than this, whoever asks. */
const PAGE_LENGTH_MAX = 1_000;

/** The part of JSON schema that says what an input may hold. */
interface InputSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly additionalProperties?: unknown;
  readonly items?: InputSchema;
  readonly anyOf?: readonly InputSchema[];
  readonly oneOf?: readonly InputSchema[];
  readonly maximum?: number;
}

const procedures = listProcedures(appRouter).map(({ path, meta, input }) => ({
  path,
  level: meta.level,
  schema: input === undefined ? {} : describeInput(input),
}));

describe("security 1: what a procedure takes", () => {
  test("unknown fields are refused or left out, in every object of every input", () => {
    const open = procedures.flatMap(({ path, schema }) =>
      [...objectsIn(schema)].filter(isOpen).map(() => path),
    );
    expect(open).toEqual([]);
    expect(isOpen(describeInput(z.looseObject({ a: z.string() })))).toBe(true);
  });

  test("pages are bounded", () => {
    const unbounded = procedures.flatMap(({ path, schema }) =>
      [...objectsIn(schema)]
        .flatMap(({ properties = {} }) => Object.entries(properties))
        .filter(([name, { maximum }]) => name === "limit" && !((maximum ?? 1e9) <= PAGE_LENGTH_MAX))
        .map(([name]) => `${path} ${name}`),
    );
    expect(unbounded).toEqual([]);
  });
});

/** Names of what belongs to nobody in particular, and of the caller's own new secret. */
const shared = ["worldId", "shardKey", "region", "deviceKey", "lastEventId", "leaderboardId"];

interface Owner {
  readonly server: TestServer;
  readonly token: string;
}

/** For each procedure that takes the id of something that belongs to a player: an owner's. */
const owned: Record<string, (owner: Owner) => Promise<Record<string, unknown>>> = {
  "auth.endSession": async ({ server, token }) => {
    const { sessionId } = await server.deps.authenticate(token);
    return { sessionId };
  },
  "storage.get": keepPrivately,
  "groups.get": makeTeam,
  "groups.update": makeTeam,
  "groups.disband": makeTeam,
  "groups.join": makeTeam,
  "groups.accept": makeTeam,
  "groups.leave": makeTeam,
  "groups.members": makeTeam,
  "groups.remove": makeTeam,
  "groups.setRole": makeTeam,
  "groups.handOver": makeTeam,
  "groups.offers": makeTeam,
  "groups.invite": makeTeam,
  "groups.admit": makeTeam,
  "groups.cancel": makeTeam,
};

/** Lists of a player's things, which show others what is public: nothing of an owner's own. */
const listed: typeof owned = { "storage.list": keepPrivately };

/**
 * A player's place on a leaderboard is for every player to see, and where it is for all who are not
 * blocked, which stands in presence.test.ts.
 */
const forAll = ["leaderboards.around", "leaderboards.history", "presence.get"];

/**
 * These name a partner or a group of the caller; that others read nothing stands in chat.test.ts
 * and group-chat.test.ts.
 */
const partnered = ["chat.send", "chat.history", "chat.follow", "chat.block", "chat.unblock"];

/** Of what it names, only the caller's own invitation or request can go. */
const own = ["groups.decline"];

async function keepPrivately({ server, token }: Owner): Promise<Record<string, unknown>> {
  const place = { collection: "saves", key: "slot-1" };
  const body = { objects: [{ ...place, value: { gold: 1 } }] };
  expect((await server.call("POST", "/api/storage/write", { token, body })).status).toBe(200);
  const { playerId } = await server.deps.authenticate(token);
  return { ...place, playerId };
}

async function makeTeam({ server, token }: Owner): Promise<Record<string, unknown>> {
  const body = { kind: "team", name: "Tonight" };
  const { id: groupId } = Group.parse(
    (await server.call("POST", "/api/groups", { token, body })).body,
  );
  const { playerId } = await server.deps.authenticate(token);
  return { groupId, playerId, role: "member", name: "Mine Now" };
}

describe("security 1: what belongs to others", () => {
  test("every procedure for players that takes somebody's id is tried", () => {
    const found = procedures
      .filter(({ level }) => level === "player")
      .filter(({ schema }) =>
        Object.keys(schema.properties ?? {}).some((name) => isId(name) && !shared.includes(name)),
      )
      .map(({ path }) => path);
    const tried = [...Object.keys({ ...owned, ...listed }), ...forAll, ...partnered, ...own];
    expect(found.sort()).toEqual(tried.sort());
  });

  for (const [path, makeInput] of Object.entries(owned)) {
    test(`${path} does not find another's`, async () => {
      await using server = await createTestServer();
      const answer = askAsStranger(server, path, makeInput);
      await expect(answer).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  }

  for (const [path, makeInput] of Object.entries(listed)) {
    test(`${path} shows nothing of another's`, async () => {
      await using server = await createTestServer();
      const answer = await askAsStranger(server, path, makeInput);
      expect(answer).toEqual({ objects: [], nextCursor: null });
    });
  }
});

async function askAsStranger(
  server: TestServer,
  path: string,
  makeInput: (owner: Owner) => Promise<Record<string, unknown>>,
): Promise<unknown> {
  const { accessToken: token } = await server.guest("Owner");
  const input = await makeInput({ server, token });
  const { accessToken: stranger } = await server.guest("Stranger");
  const actor = await server.deps.authenticate(stranger);
  const caller = { address: "10.0.0.1", device: "" };
  const context = { deps: server.deps, actor, refusal: null, service: false, caller };
  return await callProcedure(path, context, input);
}

function isId(name: string): boolean {
  return /(^id|Id|Key)$/.test(name);
}

function describeInput(input: z.ZodType): InputSchema {
  // Plain JSON, of which only what InputSchema names is looked at.
  return z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as InputSchema;
}

/** Stripped where nothing is said, refused where it says false, kept otherwise. */
function isOpen({ additionalProperties }: InputSchema): boolean {
  return additionalProperties !== undefined && additionalProperties !== false;
}

function* objectsIn(schema: InputSchema): Generator<InputSchema> {
  const { properties, items, anyOf = [], oneOf = [] } = schema;
  if (properties !== undefined) yield schema;
  const inner = [...Object.values(properties ?? {}), ...anyOf, ...oneOf];
  for (const one of items === undefined ? inner : [...inner, items]) yield* objectsIn(one);
}

/** Of the list of answers that this deployment promises; the others have no such part yet. */
const PROMISED = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test("every promise of security has tests that name its number", async () => {
  const named = new Set<number>();
  for await (const path of new Bun.Glob("{server,shards,shared,e2e}/**/*.test.ts").scan(ROOT)) {
    const text = await Bun.file(join(ROOT, path)).text();
    for (const [, number] of text.matchAll(/["`]security (\d+): /g)) named.add(Number(number));
  }
  expect(PROMISED.filter((number) => !named.has(number))).toEqual([]);
});

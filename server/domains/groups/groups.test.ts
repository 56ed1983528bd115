import { describe, expect, test } from "bun:test";
import type { Credentials } from "#shared/model/auth.ts";
import { Group, GroupMembers, GroupOffers, GroupPage, MyGroups } from "#shared/model/groups.ts";
import { registerAs } from "../../testing/register-as.ts";
import { type Answer, createTestServer, readError } from "../../testing/test-server.ts";
import { deleteIdleGuests, GUEST_IDLE_MS } from "../auth/delete-idle-guests.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const RIVALS = 64;

/** A server, three players, and what they do in groups. */
async function start() {
  const server = await createTestServer({ limitFactor: 1_000 });
  const [ada, ben, eve] = [
    await server.guest("Ada"),
    await server.guest("Ben"),
    await server.guest("Eve"),
  ];
  const as =
    (method: string, below: (...parts: string[]) => string) =>
    (by: Credentials, parts: readonly string[], body?: object): Promise<Answer> =>
      server.call(method, `/api/groups${below(...parts)}`, {
        token: by.accessToken,
        ...(method !== "GET" && method !== "DELETE" && { body: body ?? {} }),
      });
  const of = (end: string) => (groupId: string) => `/${groupId}${end}`;
  const calls = {
    get: as("GET", of("")),
    update: as("PATCH", of("")),
    disband: as("DELETE", of("")),
    join: as("POST", of("/join")),
    accept: as("POST", of("/accept")),
    decline: as("POST", of("/decline")),
    leave: as("POST", of("/leave")),
    members: as("GET", of("/members")),
    offers: as("GET", of("/offers")),
    handOver: as("PUT", of("/owner")),
    forceUpdate: as("POST", of("/force-update")),
    forceDisband: as("POST", of("/force-disband")),
    invite: as("PUT", (groupId, playerId) => `/${groupId}/offers/${playerId}`),
    cancel: as("DELETE", (groupId, playerId) => `/${groupId}/offers/${playerId}`),
    admit: as("PUT", (groupId, playerId) => `/${groupId}/members/${playerId}`),
    remove: as("DELETE", (groupId, playerId) => `/${groupId}/members/${playerId}`),
    setRole: as("PUT", (groupId, playerId) => `/${groupId}/members/${playerId}/role`),
    search: as("GET", (query = "") => query),
  };
  const make = (by: Credentials, body: object) =>
    server.call("POST", "/api/groups", { token: by.accessToken, body });
  return {
    ...{ server, ada, ben, eve, ...calls, make },
    guild: async (by: Credentials, name = "Red Dragons", more: object = {}) =>
      Group.parse((await make(by, { kind: "guild", name, ...more })).body).id,
    team: async (by: Credentials, name = "Tonight", more: object = {}) =>
      Group.parse((await make(by, { kind: "team", name, ...more })).body).id,
    people: async (by: Credentials, groupId: string) => {
      const { members } = GroupMembers.parse((await calls.members(by, [groupId])).body);
      return members.map(({ displayName, role }) => `${displayName} ${role}`);
    },
    mine: async (by: Credentials) => {
      const { accessToken: token } = by;
      return MyGroups.parse((await server.call("GET", "/api/groups/mine", { token })).body);
    },
    /** Types and data of events about groups, the oldest first. */
    events: async () => {
      const sql = "SELECT type, player_id, data FROM events WHERE type LIKE 'group.%'";
      const { rows } = await server.deps.database.client.execute(`${sql} ORDER BY number`);
      return rows.map(({ type, player_id, data }) => ({
        ...{ type, playerId: player_id, data: JSON.parse(String(data)) },
      }));
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}

const idOf = ({ player }: Credentials) => player.id;
const stateOf = (answer: Answer) =>
  answer.status === 200 ? (answer.body as { state: string }).state : readError(answer).code;

describe("making a group", () => {
  test("its maker owns it, alone, and sees it among the own ones", async () => {
    await using house = await start();
    const { ada, ben } = house;
    const id = await house.guild(ada, "Red  Dragons", { description: "We burn\r\nthings" });
    const seen = Group.parse((await house.get(ben, [id])).body);
    expect(seen).toMatchObject({
      ...{ kind: "guild", name: "Red Dragons", description: "We burn\nthings" },
      ...{ admission: "request", members: 1, membersMax: 200 },
      ...{ ownerId: ada.player.id, ownerName: "Ada" },
    });
    expect(await house.people(ada, id)).toEqual(["Ada owner"]);
    expect((await house.mine(ada)).groups).toMatchObject([{ group: seen, role: "owner" }]);
  });

  test.each(["red dragons", "RED DRAGONS", "Ｒｅｄ　Ｄｒａｇｏｎｓ", "RedDragons"])(
    "no guild is called %s where there are Red Dragons, and teams may be",
    async (name) => {
      await using house = await start();
      await house.guild(house.ada);
      const refused = await house.make(house.ben, { kind: "guild", name });
      expect(refused.status).toBe(409);
      expect(readError(refused).message).toContain("another one is called so");
      expect((await house.make(house.ben, { kind: "team", name })).status).toBe(200);
      const other = await house.guild(house.ben, "Blue Dragons");
      expect((await house.update(house.ben, [other], { name })).status).toBe(409);
    },
  );

  test.each(["ab", "a".repeat(33), "Red\u202eDragons", "\u0000\u0000\u0000", "   "])(
    "%j is no name",
    async (name) => {
      await using house = await start();
      expect((await house.make(house.ada, { kind: "guild", name })).status).toBe(400);
    },
  );

  test("a player is in one team and three guilds at most", async () => {
    await using house = await start();
    const { ada, ben } = house;
    await house.team(ada);
    expect((await house.make(ada, { kind: "team", name: "Another" })).status).toBe(409);
    for (const name of ["One", "Two", "Three"]) await house.guild(ada, name);
    const refused = await house.make(ada, { kind: "guild", name: "Four" });
    expect(readError(refused).message).toContain("you are in 3 already");
    const open = await house.guild(ben, "Open", { admission: "open" });
    expect(stateOf(await house.join(ada, [open]))).toBe("CONFLICT");
    expect((await house.mine(ada)).groups).toHaveLength(4);
  });

  test("two who want one name at once: one gets it", async () => {
    await using house = await start();
    const body = { kind: "guild", name: "Red Dragons" };
    const made = await Promise.all([house.make(house.ada, body), house.make(house.ben, body)]);
    expect(made.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe("coming in", () => {
  test("an invitation is accepted, declined or cancelled, and ends by itself", async () => {
    await using house = await start();
    const { ada, ben, eve, server } = house;
    const id = await house.team(ada);
    expect(stateOf(await house.invite(ada, [id, idOf(ben)]))).toBe("invited");
    expect(stateOf(await house.invite(ada, [id, idOf(ben)]))).toBe("invited");
    expect((await house.mine(ben)).offers).toMatchObject([
      { kind: "invitation", group: { id, name: "Tonight" }, playerId: idOf(ben) },
    ]);
    expect((await house.decline(ben, [id])).body).toEqual({ deleted: true });
    expect((await house.decline(ben, [id])).body).toEqual({ deleted: false });
    expect(stateOf(await house.accept(ben, [id]))).toBe("NOT_FOUND");
    await house.invite(ada, [id, idOf(ben)]);
    expect((await house.cancel(ada, [id, idOf(ben)])).body).toEqual({ deleted: true });
    expect(stateOf(await house.accept(ben, [id]))).toBe("NOT_FOUND");
    await house.invite(ada, [id, idOf(ben)]);
    await house.invite(ada, [id, idOf(eve)]);
    expect(stateOf(await house.accept(ben, [id]))).toBe("member");
    expect(stateOf(await house.accept(ben, [id]))).toBe("member");
    expect(await house.people(ben, id)).toEqual(["Ada owner", "Ben member"]);
    const sql = "UPDATE group_offers SET at_ms = 1, expires_at_ms = ?";
    await server.deps.database.client.execute({ sql, args: [server.clock.wallMs()] });
    expect(stateOf(await house.accept(eve, [id]))).toBe("NOT_FOUND");
    expect((await house.mine(eve)).offers).toEqual([]);
    expect(stateOf(await house.invite(ada, [id, idOf(eve)]))).toBe("invited");
    expect(stateOf(await house.accept(eve, [id]))).toBe("member");
  });

  test("a request waits for an officer; an invitation meets it", async () => {
    await using house = await start();
    const { ada, ben, eve } = house;
    const id = await house.guild(ada);
    expect(stateOf(await house.join(ben, [id]))).toBe("requested");
    expect(stateOf(await house.join(eve, [id]))).toBe("requested");
    const { offers } = GroupOffers.parse((await house.offers(ada, [id])).body);
    expect(offers.map(({ kind, displayName }) => [kind, displayName])).toEqual([
      ["request", "Ben"],
      ["request", "Eve"],
    ]);
    expect(stateOf(await house.accept(ben, [id]))).toBe("NOT_FOUND");
    expect(stateOf(await house.admit(ada, [id, idOf(ben)]))).toBe("member");
    expect(stateOf(await house.admit(ben, [id, idOf(eve)]))).toBe("FORBIDDEN");
    expect((await house.offers(ben, [id])).status).toBe(403);
    expect((await house.cancel(ada, [id, idOf(eve)])).body).toEqual({ deleted: true });
    expect(stateOf(await house.admit(ada, [id, idOf(eve)]))).toBe("NOT_FOUND");
    await house.join(eve, [id]);
    expect(stateOf(await house.invite(ada, [id, idOf(eve)]))).toBe("member");
    expect((await house.mine(eve)).offers).toEqual([]);
  });

  test("an open group takes in whoever comes, one by invitation nobody else", async () => {
    await using house = await start();
    const { ada, ben } = house;
    const id = await house.guild(ada, "Doors", { admission: "open" });
    expect(stateOf(await house.join(ben, [id]))).toBe("member");
    expect(stateOf(await house.join(ben, [id]))).toBe("member");
    await house.leave(ben, [id]);
    await house.update(ada, [id], { admission: "invitation" });
    expect(stateOf(await house.join(ben, [id]))).toBe("FORBIDDEN");
  });

  test("who blocks a player gets no invitations from it", async () => {
    await using house = await start();
    const { ada, ben, server } = house;
    const id = await house.team(ada);
    const path = `/api/chat/blocks/${idOf(ada)}`;
    await server.call("PUT", path, { token: ben.accessToken, body: {} });
    expect(stateOf(await house.invite(ada, [id, idOf(ben)]))).toBe("FORBIDDEN");
    const nobody = idOf(ada).replace(/^.{8}/, "01900000");
    expect(stateOf(await house.invite(ada, [id, nobody]))).toBe("NOT_FOUND");
  });

  test(`of ${RIVALS} who take the last place at once, one gets it`, async () => {
    await using house = await start();
    const { ada, server } = house;
    const id = await house.team(ada);
    const rivals: Credentials[] = [];
    for (let count = 0; count < RIVALS; count++) rivals.push(await server.guest(`R${count}`));
    for (const rival of rivals) await house.invite(ada, [id, idOf(rival)]);
    const early = rivals.splice(0, 6);
    for (const rival of early) await house.accept(rival, [id]);
    rivals.push(...(await Promise.all([...Array(6)].map(() => server.guest("Late")))));
    for (const late of rivals.slice(-6)) await house.invite(ada, [id, idOf(late)]);
    const answers = await Promise.all(rivals.map((rival) => house.accept(rival, [id])));
    expect(answers).toHaveLength(RIVALS);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => stateOf(answer) === "CONFLICT")).toHaveLength(RIVALS - 1);
    expect(await house.people(ada, id)).toHaveLength(8);
  });

  test("one who takes two teams' invitations at once is in one", async () => {
    await using house = await start();
    const { ada, ben, eve } = house;
    const teams = [await house.team(ada, "One"), await house.team(ben, "Two")];
    for (const [by, id] of [
      [ada, teams[0]],
      [ben, teams[1]],
    ] as const) {
      await house.invite(by, [id ?? "", idOf(eve)]);
    }
    const answers = await Promise.all(teams.map((id) => house.accept(eve, [id])));
    expect(answers.map(stateOf).sort()).toEqual(["CONFLICT", "member"]);
  });
});

/** A guild of Ada's with Ben and Eve in it. */
async function startGuild() {
  const house = await start();
  const id = await house.guild(house.ada, "Doors", { admission: "open" });
  await house.join(house.ben, [id]);
  house.server.clock.advance(1);
  await house.join(house.eve, [id]);
  return { ...house, id };
}

describe("roles", () => {
  test("officers invite and remove members, and nobody who stands as high", async () => {
    await using house = await startGuild();
    const { ada, ben, eve, id, server } = house;
    const dan = await server.guest("Dan");
    expect(stateOf(await house.invite(ben, [id, idOf(dan)]))).toBe("FORBIDDEN");
    expect((await house.remove(ben, [id, idOf(eve)])).status).toBe(403);
    expect((await house.setRole(ben, [id, idOf(ben)], { role: "officer" })).status).toBe(403);
    expect((await house.setRole(ada, [id, idOf(ben)], { role: "officer" })).status).toBe(200);
    expect(await house.people(ada, id)).toEqual(["Ada owner", "Ben officer", "Eve member"]);
    expect(stateOf(await house.invite(ben, [id, idOf(dan)]))).toBe("invited");
    for (const [by, whom] of [
      [ben, ada],
      [ben, ben],
      [eve, ben],
      [ada, ada],
    ] as const) {
      expect((await house.remove(by, [id, idOf(whom)])).status).toBe(403);
    }
    expect((await house.update(ben, [id], { name: "Mine Now" })).status).toBe(403);
    expect((await house.disband(ben, [id])).status).toBe(403);
    expect((await house.remove(ben, [id, idOf(eve)])).body).toEqual({ left: true });
    expect((await house.remove(ben, [id, idOf(eve)])).status).toBe(404);
    expect((await house.setRole(ada, [id, idOf(ben)], { role: "member" })).status).toBe(200);
    expect(await house.people(ada, id)).toEqual(["Ada owner", "Ben member"]);
  });

  test("the owner's role is handed over, not taken", async () => {
    await using house = await startGuild();
    const { ada, ben, eve, id } = house;
    const demoted = await house.setRole(ada, [id, idOf(ada)], { role: "member" });
    expect(readError(demoted).message).toContain("hand the group over first");
    expect((await house.handOver(ben, [id], { playerId: idOf(ben) })).status).toBe(403);
    const nobody = idOf(ada).replace(/^.{8}/, "01900000");
    expect((await house.handOver(ada, [id], { playerId: nobody })).status).toBe(409);
    expect((await house.handOver(ada, [id], { playerId: idOf(ada) })).status).toBe(200);
    expect((await house.handOver(ada, [id], { playerId: idOf(eve) })).status).toBe(200);
    expect(await house.people(ada, id)).toEqual(["Eve owner", "Ada officer", "Ben member"]);
    const both = [ben, ada].map((to) => house.handOver(eve, [id], { playerId: idOf(to) }));
    await Promise.all(both);
    const owners = (await house.people(ada, id)).filter((one) => one.endsWith("owner"));
    expect(owners).toHaveLength(1);
  });

  test("a team has two officers at most", async () => {
    await using house = await start();
    const { ada, server } = house;
    const id = await house.team(ada, "Doors", { admission: "open" });
    const others = [house.ben, house.eve, await server.guest("Dan")];
    for (const one of others) await house.join(one, [id]);
    const promote = (one: Credentials) => house.setRole(ada, [id, idOf(one)], { role: "officer" });
    const made = await Promise.all(others.map(promote));
    expect(made.map(({ status }) => status).sort()).toEqual([200, 200, 409]);
  });
});

describe("going", () => {
  test("after an owner comes the eldest officer, then the eldest member, then nobody", async () => {
    await using house = await startGuild();
    const { ada, ben, eve, id } = house;
    await house.setRole(ada, [id, idOf(eve)], { role: "officer" });
    expect((await house.leave(ada, [id])).body).toEqual({ left: true });
    expect(await house.people(ben, id)).toEqual(["Eve owner", "Ben member"]);
    expect((await house.leave(ada, [id])).status).toBe(404);
    await house.leave(eve, [id]);
    expect(await house.people(ben, id)).toEqual(["Ben owner"]);
    await house.leave(ben, [id]);
    expect((await house.get(ben, [id])).status).toBe(404);
    expect((await house.make(ada, { kind: "guild", name: "Doors" })).status).toBe(200);
  });

  test("players who are deleted leave no group without an owner, and none empty", async () => {
    await using house = await startGuild();
    const { ada, ben, eve, id, server } = house;
    const alone = await house.team(ada);
    await house.invite(ada, [alone, idOf(ben)]);
    await house.setRole(ada, [id, idOf(eve)], { role: "officer" });
    const sql = "UPDATE %s SET %s = %s - ? WHERE %i IN (?, ?)";
    const args = [GUEST_IDLE_MS + 1, idOf(ada), idOf(eve)];
    for (const [table, column, whose] of [
      ["players", "created_at_ms", "id"],
      ["sessions", "seen_at_ms", "player_id"],
    ] as const) {
      const text = sql.replace("%s", table).replaceAll("%s", column).replace("%i", whose);
      await server.deps.database.client.execute({ sql: text, args });
    }
    expect(await deleteIdleGuests(server.deps)).toBe(2);
    expect(await house.people(ben, id)).toEqual(["Ben owner"]);
    expect((await house.mine(ben)).offers).toEqual([]);
    const { rows } = await server.deps.database.client.execute("SELECT id FROM groups");
    expect(rows.map(({ id }) => id)).toEqual([id]);
    const told = (await house.events()).slice(-6).map(({ type, data }) => [type, data.reason]);
    expect(told.filter(([type]) => type === "group.left")).toEqual([
      ["group.left", "deleted"],
      ["group.left", "deleted"],
      ["group.left", "deleted"],
    ]);
    expect(told.filter(([type]) => type === "group.disbanded")).toHaveLength(1);
  });

  test("a disbanded group is gone for all, with its offers", async () => {
    await using house = await startGuild();
    const { ada, ben, id, server } = house;
    const dan = await server.guest("Dan");
    await house.invite(ada, [id, idOf(dan)]);
    expect((await house.disband(ada, [id])).body).toEqual({ left: true });
    expect((await house.mine(ben)).groups).toEqual([]);
    expect((await house.mine(dan)).offers).toEqual([]);
    expect((await house.members(ada, [id])).status).toBe(404);
    const types = (await house.events()).map(({ type, data }) => `${type} ${data.reason ?? ""}`);
    expect(types.filter((type) => type === "group.left disbanded")).toHaveLength(3);
    expect(types.filter((type) => type === "group.disbanded ")).toHaveLength(1);
  });
});

describe("security 1", () => {
  test("of a team, outsiders learn nothing and change nothing", async () => {
    await using house = await start();
    const { ada, ben, eve } = house;
    const id = await house.team(ada);
    const ids = [id, idOf(ada)];
    const answers = [
      await house.get(eve, ids),
      await house.members(eve, ids),
      await house.offers(eve, ids),
      await house.join(eve, ids),
      await house.accept(eve, ids),
      await house.leave(eve, ids),
      await house.update(eve, ids, { name: "Mine Now" }),
      await house.disband(eve, ids),
      await house.remove(eve, ids),
      await house.setRole(eve, ids, { role: "officer" }),
      await house.handOver(eve, ids, { playerId: idOf(eve) }),
      await house.invite(eve, [id, idOf(ben)]),
      await house.admit(eve, [id, idOf(eve)]),
      await house.cancel(eve, [id, idOf(ben)]),
    ];
    expect(answers.map(stateOf)).toEqual(answers.map(() => "NOT_FOUND"));
    await house.invite(ada, [id, idOf(eve)]);
    expect((await house.get(eve, ids)).status).toBe(200);
    expect((await house.members(eve, ids)).status).toBe(404);
  });

  test("a guild shows its public parts; its members are for members", async () => {
    await using house = await startGuild();
    const dan = await house.server.guest("Dan");
    expect((await house.get(dan, [house.id])).body).toMatchObject({ members: 3 });
    expect((await house.members(dan, [house.id])).status).toBe(404);
    expect((await house.remove(dan, [house.id, idOf(house.ben)])).status).toBe(404);
  });

  test("moderators mend names and end groups, which the audit log tells", async () => {
    await using house = await startGuild();
    const { ada, ben, id, server } = house;
    const staff = await registerAs(server, "moderator");
    const body = { name: "Renamed", reason: "insult" };
    expect((await house.forceUpdate(ada, [id], body)).status).toBe(403);
    expect((await house.forceUpdate(staff, [id], body)).body).toMatchObject({
      ...{ name: "Renamed", ownerId: idOf(ada) },
    });
    expect((await house.forceDisband(ben, [id], { reason: "mine" })).status).toBe(403);
    expect((await house.forceDisband(staff, [id], { reason: "insult" })).status).toBe(200);
    expect((await house.forceDisband(staff, [id], { reason: "insult" })).status).toBe(404);
    const sql = "SELECT event, target_id, details ->> 'reason' FROM audit_log ORDER BY number";
    const { rows } = await server.deps.database.client.execute(sql);
    expect(rows.map((row) => [row[0], row[1], row[2]])).toEqual([
      ["group.updated", idOf(ada), "insult"],
      ["group.disbanded", idOf(ada), "insult"],
    ]);
  });
});

test("groups.search pages through guilds by how names begin, and shows no teams", async () => {
  await using house = await start();
  const { ada, ben, server } = house;
  const dan = await server.guest("Dan");
  for (const name of ["Red Dragons", "red wolves", "Blue Bears"]) await house.guild(ada, name);
  await house.guild(ben, "Réd Pandas");
  await house.guild(dan, "RED ants");
  await house.team(ada, "Red Team");
  const find = async (query: string) =>
    GroupPage.parse((await house.search(ben, [`?${query}`])).body);
  const first = await find("query=RED&limit=2");
  expect(first.groups.map(({ name }) => name)).toEqual(["RED ants", "Red Dragons"]);
  const cursor = encodeURIComponent(first.nextCursor ?? "");
  const rest = await find(`query=RED&limit=2&cursor=${cursor}`);
  expect([rest.groups.map(({ name }) => name), rest.nextCursor]).toEqual([["red wolves"], null]);
  expect((await find("query=r%C3%89d")).groups.map(({ name }) => name)).toEqual(["Réd Pandas"]);
  expect((await find("")).groups).toHaveLength(5);
  expect((await find("query=dragons")).groups).toEqual([]);
});

test("what happens in groups is told to whom it is about, with its cause", async () => {
  await using house = await startGuild();
  const { ada, ben, eve, id, server } = house;
  await house.setRole(ada, [id, idOf(ben)], { role: "officer" });
  await house.remove(ben, [id, idOf(eve)]);
  await house.invite(ben, [id, idOf(eve)]);
  await house.update(ada, [id], { name: "Windows" });
  expect((await house.events()).map(({ type, playerId, data }) => [type, playerId, data])).toEqual([
    ["group.created", idOf(ada), { groupId: id, kind: "guild", name: "Doors" }],
    ["group.joined", idOf(ben), { groupId: id, kind: "guild", name: "Doors" }],
    ["group.joined", idOf(eve), { groupId: id, kind: "guild", name: "Doors" }],
    ["group.role_changed", idOf(ben), { groupId: id, role: "officer" }],
    ["group.left", idOf(eve), { groupId: id, reason: "removed", byPlayerId: idOf(ben) }],
    [
      "group.invited",
      idOf(eve),
      { groupId: id, kind: "guild", name: "Doors", byPlayerId: idOf(ben) },
    ],
    [
      "group.updated",
      idOf(ada),
      { groupId: id, kind: "guild", name: "Windows", byPlayerId: idOf(ada) },
    ],
  ]);
  const answer = await server.call("GET", "/api/events?types=group.invited,group.role_changed", {
    token: eve.accessToken,
  });
  const { events } = answer.body as { events: { type: string }[] };
  expect(events.map(({ type }) => type)).toEqual(["group.invited"]);
  server.clock.advance(DAY_MS);
  expect(server.log.filter((line) => line.includes("not what events.proto"))).toEqual([]);
});

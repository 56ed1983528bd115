// What players do to groups, several at once and in any order. Whatever comes, each group has one
// owner and no more members and officers than it may, nobody is in more groups than allowed, no
// member waits to become one, and nothing is left of a group that is gone. Repeat one seed with:
// bun test server/domains/groups/groups.fuzz.test.ts -t "seed 2$"
import { expect, test } from "bun:test";
import type { Credentials } from "#shared/model/auth.ts";
import { groupLimits } from "#shared/model/groups.ts";
import { createRandom, type Random } from "#shared/sim/kernel/random.ts";
import { createTestServer, type TestServer } from "../../testing/test-server.ts";

const SEEDS = [1, 2, 3, 4];
const ROUNDS = 150;
const AT_ONCE = 6;
const PLAYERS = 14;

test.each(SEEDS)("groups stay whole for seed %d", async (seed) => {
  await using server = await createTestServer({ limitFactor: 10_000 });
  const random = createRandom(seed);
  const players: Credentials[] = [];
  for (let count = 0; count < PLAYERS; count++) players.push(await server.guest(`P${count}`));
  const seen = new Map<string, number>();
  for (let round = 1; round <= ROUNDS; round++) {
    const members = await readMembers(server);
    const calls = Array.from({ length: AT_ONCE }, () => anyCall(random, { players, members }));
    const answers = await Promise.all(calls.map((call) => call.send(server)));
    const repeat = `seed ${seed}, round ${round}: ${calls.map(({ name }) => name).join(", ")}`;
    for (const [index, { status }] of answers.entries()) {
      expect(status, repeat).toBeLessThan(500);
      const name = calls[index]?.name ?? "";
      if (status === 200) seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    if (random.below(12) === 0) await replaceSome(server, { random, players, round });
    expect(await findFaults(server), repeat).toEqual([]);
  }
  for (const name of ["create", "join", "invite", "leave", "role", "owner", "say"]) {
    expect(seen.get(name) ?? 0, `${name} for seed ${seed}`).toBeGreaterThan(0);
  }
});

interface Member {
  readonly groupId: string;
  readonly playerId: string;
}

interface Crowd {
  readonly players: readonly Credentials[];
  readonly members: readonly Member[];
}

interface AnyCall {
  readonly name: string;
  send(server: TestServer): Promise<{ readonly status: number }>;
}

/** Mostly by somebody in the group, and half of the time about somebody who is in it too. */
function anyCall(random: Random, { players, members }: Crowd): AnyCall {
  const pick = <T>(list: readonly T[], otherwise: T): T =>
    list[random.below(Math.max(1, list.length))] ?? otherwise;
  const [first] = players;
  if (first === undefined) throw new Error("there are no players");
  const nobody = { groupId: "01900000-0000-7000-8000-000000000000", playerId: first.player.id };
  const member = pick(members, nobody);
  const group = member.groupId;
  const other = pick(
    members.filter(({ groupId }) => groupId === group),
    member,
  );
  const own = players.find(({ player }) => player.id === member.playerId);
  const by = random.below(3) === 0 ? pick(players, first) : (own ?? first);
  const whom = random.below(2) === 0 ? other.playerId : pick(players, first).player.id;
  const kind = pick(["team", "guild"], "team");
  const admission = pick(["open", "open", "request", "invitation"], "open");
  const name = `${kind} ${random.below(30)}`;
  const role = pick(["officer", "officer", "member"], "member");
  const calls: readonly (readonly [string, string, string, object?])[] = [
    ["create", "POST", "", { kind, name, admission }],
    ["update", "PATCH", `/${group}`, { admission }],
    random.below(4) === 0
      ? ["disband", "DELETE", `/${group}`]
      : ["say", "POST", "/../chat/messages", { channel: kind, groupId: group, text: "hello" }],
    ["join", "POST", `/${group}/join`, {}],
    ["join", "POST", `/${group}/join`, {}],
    ["accept", "POST", `/${group}/accept`, {}],
    ["decline", "POST", `/${group}/decline`, {}],
    ["leave", "POST", `/${group}/leave`, {}],
    ["invite", "PUT", `/${group}/offers/${whom}`, {}],
    ["cancel", "DELETE", `/${group}/offers/${whom}`],
    ["admit", "PUT", `/${group}/members/${whom}`, {}],
    ["remove", "DELETE", `/${group}/members/${whom}`],
    ["role", "PUT", `/${group}/members/${whom}/role`, { role }],
    ["owner", "PUT", `/${group}/owner`, { playerId: whom }],
    ["say", "POST", "/../chat/messages", { channel: kind, groupId: group, text: "hello" }],
  ];
  const [what, method, path, body] = pick(calls, ["join", "POST", `/${group}/join`, {}]);
  const given = { token: by.accessToken, ...(body !== undefined && { body }) };
  return { name: what, send: (server) => server.call(method, `/api/groups${path}`, given) };
}

async function readMembers({ deps }: TestServer): Promise<Member[]> {
  const sql = "SELECT group_id, player_id FROM group_members ORDER BY rowid";
  const { rows } = await deps.database.client.execute(sql);
  return rows.map((row) => ({ groupId: String(row.group_id), playerId: String(row.player_id) }));
}

/** Deletes a few players at once, as idle guests are, and lets others come. */
async function replaceSome(
  server: TestServer,
  plan: { readonly random: Random; readonly players: Credentials[]; readonly round: number },
): Promise<void> {
  const { random, players, round } = plan;
  const from = random.below(players.length - 3);
  const args = players.slice(from, from + 3).map(({ player }) => player.id);
  const sql = "DELETE FROM players WHERE id IN (?, ?, ?)";
  await server.deps.database.client.execute({ sql, args });
  for (let count = 0; count < 3; count++) {
    players[from + count] = await server.guest(`N${round}-${count}`);
  }
}

const limitOf = (name: keyof typeof groupLimits.team) =>
  `CASE g.kind WHEN 'team' THEN ${groupLimits.team[name]} ELSE ${groupLimits.guild[name]} END`;
const countIn = (where: string) =>
  `(SELECT count(*) FROM group_members AS m WHERE m.group_id = g.id ${where})`;

const faults = {
  "an owner": `SELECT id FROM groups AS g WHERE ${countIn("AND m.role = 'owner'")} <> 1`,
  members: `SELECT id FROM groups AS g WHERE ${countIn("")} > ${limitOf("membersMax")}`,
  officers: `SELECT id FROM groups AS g
    WHERE ${countIn("AND m.role = 'officer'")} > ${limitOf("officersMax")}`,
  "groups of a player": `SELECT m.player_id AS id FROM group_members AS m
    JOIN groups AS g ON g.id = m.group_id GROUP BY m.player_id, g.kind
    HAVING count(*) > ${limitOf("perPlayerMax")}`,
  "an offer to a member": `SELECT o.player_id AS id FROM group_offers AS o
    JOIN group_members AS m ON m.group_id = o.group_id AND m.player_id = o.player_id`,
  "words of a group that is gone": `SELECT room AS id FROM chat_messages WHERE room NOT IN
    (SELECT kind || ':' || id FROM groups)`,
};

async function findFaults({ deps }: TestServer): Promise<string[]> {
  const found: string[] = [];
  for (const [what, sql] of Object.entries(faults)) {
    const { rows } = await deps.database.client.execute(sql);
    found.push(...rows.map(({ id }) => `${what}: ${id}`));
  }
  return found;
}

import { describe, expect, test } from "bun:test";
import {
  LeaderboardNow,
  ScoreHistory,
  ScorePage,
  ScoresAround,
  SeasonPage,
  SubmittedScore,
} from "#shared/model/leaderboards.ts";
import { registerAs } from "../../testing/register-as.ts";
import {
  type Answer,
  createTestServer,
  readCredentials,
  readError,
  TEST_CLUSTER_SECRET,
} from "../../testing/test-server.ts";

const DAY_MS = 24 * 3600 * 1_000;
const RIVALS = 64;

/** A server with a leaderboard and players of the given names. */
async function start(settings: Readonly<Record<string, unknown>> = {}, names = ["Ada"]) {
  const server = await createTestServer({ limitFactor: 1_000 });
  const ids = new Map<string, string>();
  for (const name of names) ids.set(name, (await server.guest(name)).player.id);
  let admin = (await registerAs(server, "admin")).accessToken;
  const path = "/api/leaderboards/kills";
  const service = (method: string, below: string, body: unknown) =>
    server.call(method, `${path}${below}`, { token: TEST_CLUSTER_SECRET, body });
  const get = (below: string) => server.call("GET", `${path}${below}`, { token: admin });
  const make = (more: object = {}) => service("PUT", "", { title: "Kills", ...settings, ...more });
  expect((await make()).status).toBe(200);
  return {
    server,
    make,
    get,
    idOf: (name: string) => ids.get(name) ?? "",
    submit: (name: string, score: unknown, more: object = {}): Promise<Answer> =>
      service("POST", "/scores", { playerId: ids.get(name), score, ...more }),
    admin: (method: string, below: string, body?: unknown) =>
      server.call(method, `${path}${below}`, { token: admin, body }),
    create: (body: unknown) => server.call("POST", "/api/leaderboards", { token: admin, body }),
    top: async (query = "") => ScorePage.parse((await get(`/scores${query}`)).body),
    /** Tokens would have expired by then. */
    async pass(milliseconds: number) {
      server.clock.advance(milliseconds);
      const body = { username: "some-admin", password: "correct horse" };
      admin = readCredentials(await server.call("POST", "/api/auth/log-in", { body })).accessToken;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}

const rows = ({ entries }: Pick<ScorePage, "entries">) =>
  entries.map(({ rank, displayName, score }) => `${rank} ${displayName} ${score}`);

const scoreOf = (answer: Answer) => SubmittedScore.parse(answer.body).entry.score;

describe("ranks", () => {
  test("equal scores share a rank, the earlier first, and the next rank counts them", async () => {
    await using house = await start({}, ["A", "B", "C", "D", "E"]);
    for (const [name, score] of Object.entries({ A: 5, B: 9, C: 7, D: 7, E: 9 })) {
      await house.submit(name, score);
    }
    const all = ["1 B 9", "1 E 9", "3 C 7", "3 D 7", "5 A 5"];
    expect(rows(await house.top())).toEqual(all);
    const paged: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await house.top(`?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      paged.push(...rows(page));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
  });

  test("who reaches a score later stands behind, also who comes from below", async () => {
    await using house = await start({}, ["A", "B"]);
    await house.submit("A", 1);
    await house.submit("B", 5);
    await house.submit("A", 5);
    expect(rows(await house.top())).toEqual(["1 B 5", "1 A 5"]);
    await house.submit("B", 5);
    expect(rows(await house.top())).toEqual(["1 B 5", "1 A 5"]);
  });

  test("the least is first when the order is ascending", async () => {
    await using house = await start({ order: "ascending" }, ["A", "B"]);
    for (const score of [30, 20, 25]) await house.submit("A", score);
    await house.submit("B", -5);
    expect(rows(await house.top())).toEqual(["1 B -5", "2 A 20"]);
  });

  test("the places around a player's have it in the middle, with ranks of the table", async () => {
    const names = ["A", "B", "C", "D", "E", "F", "G"];
    await using house = await start({}, names);
    for (const name of names) await house.submit(name, name < "D" ? 9 : 5);
    const around = async (name: string, limit: number) => {
      const answer = await house.get(`/around?playerId=${house.idOf(name)}&limit=${limit}`);
      return rows(ScoresAround.parse(answer.body));
    };
    expect(await around("E", 3)).toEqual(["4 D 5", "4 E 5", "4 F 5"]);
    expect(await around("C", 3)).toEqual(["1 B 9", "1 C 9", "4 D 5"]);
    expect(await around("A", 3)).toEqual(["1 A 9", "1 B 9", "1 C 9"]);
    expect(await around("G", 3)).toEqual(["4 F 5", "4 G 5"]);
    expect(await around("G", 1)).toEqual(["4 G 5"]);
    const none = await house.get("/around");
    expect([none.status, readError(none).message]).toEqual([
      404,
      expect.stringContaining("there is no score in season 1"),
    ]);
  });
});

describe("scores", () => {
  test.each([
    ["best", "7"],
    ["last", "3"],
    ["sum", "15"],
  ])("%s of 5, 7 and 3 is %s", async (operator, score) => {
    await using house = await start({ operator });
    for (const one of [5, 7]) await house.submit("Ada", one);
    const answer = SubmittedScore.parse((await house.submit("Ada", 3)).body);
    expect(answer.entry).toMatchObject({ rank: 1, score, submissions: 3 });
  });

  test("64 bits are exact, and a sum beyond them is refused and changes nothing", async () => {
    await using house = await start({ operator: "sum" });
    const most = "9223372036854775807";
    expect(scoreOf(await house.submit("Ada", "9223372036854775806"))).toBe("9223372036854775806");
    expect(scoreOf(await house.submit("Ada", 1))).toBe(most);
    const beyond = await house.submit("Ada", 1);
    expect([beyond.status, readError(beyond).message]).toEqual([
      409,
      "cannot count the score in kills: the sum would be beyond ±(2^63 - 1)",
    ]);
    expect(rows(await house.top())).toEqual([`1 Ada ${most}`]);
    expect(scoreOf(await house.submit("Ada", `-${most}`))).toBe("0");
    await house.submit("Ada", `-${most}`);
    expect((await house.submit("Ada", -1)).status).toBe(409);
  });

  test("a score that is sent again with its id counts once", async () => {
    await using house = await start({ operator: "sum" });
    const submissionId = crypto.randomUUID();
    await house.submit("Ada", 5, { submissionId });
    const again = await house.submit("Ada", 5, { submissionId });
    expect([again.status, scoreOf(again)]).toEqual([200, "5"]);
    expect(scoreOf(await house.submit("Ada", 5, { submissionId: crypto.randomUUID() }))).toBe("10");
  });

  test(`${RIVALS} at once are all counted`, async () => {
    await using house = await start({ operator: "sum" });
    await Promise.all(Array.from({ length: RIVALS }, () => house.submit("Ada", 3)));
    expect(rows(await house.top())).toEqual([`1 Ada ${3 * RIVALS}`]);
  });

  const bad = [1.5, 2 ** 53, "9223372036854775808", "1e3", "007", "", null, true, [1]];
  test.each(bad.map((score) => [score]))("security 6: %p is no score", async (score) => {
    await using house = await start();
    const answer = await house.submit("Ada", score);
    expect([answer.status, readError(answer).message]).toEqual([
      400,
      "cannot accept the input: score must be a whole number within ±(2^53 - 1), or as a " +
        "decimal text within ±(2^63 - 1)",
    ]);
  });

  test("players do not submit, and nobody scores who is not there", async () => {
    await using house = await start();
    const { accessToken: token, player } = await house.server.guest();
    const body = { playerId: player.id, score: 1 };
    const path = "/api/leaderboards/kills/scores";
    expect((await house.server.call("POST", path, { token, body })).status).toBe(401);
    const playerId = "0190a0a0-0000-7000-8000-000000000001";
    const answer = await house.submit("Ada", 1, { playerId });
    expect([answer.status, readError(answer).message]).toEqual([
      404,
      "cannot count the score in kills: there is no such player",
    ]);
  });
});

describe("seasons", () => {
  test("a season ends by the clock, its table stays, and the next one is empty", async () => {
    await using house = await start({ reset: "daily", operator: "sum" });
    await house.submit("Ada", 5);
    await house.pass(DAY_MS);
    expect(rows(await house.top())).toEqual([]);
    await house.submit("Ada", 7);
    expect(rows(await house.top("?season=1"))).toEqual(["1 Ada 5"]);
    expect(rows(await house.top())).toEqual(["1 Ada 7"]);
    const answer = await house.get(`/history?playerId=${house.idOf("Ada")}`);
    const { places } = ScoreHistory.parse(answer.body);
    expect(places.map(({ season, entry }) => [season, entry.rank, entry.score])).toEqual([
      [2, 1, "7"],
      [1, 1, "5"],
    ]);
    const beyond = await house.get("/scores?season=3");
    expect(readError(beyond).message).toBe("cannot find season 3 of kills: 2 is the last");
  });

  const ends: [string, object, string][] = [
    ["a day", { reset: "daily" }, "2027-01-21T00:00:00.000Z"],
    ["a week", { reset: "weekly" }, "2027-01-25T00:00:00.000Z"],
    ["a month", { reset: "monthly" }, "2027-02-01T00:00:00.000Z"],
    ["a period", { reset: "period", periodSeconds: 3_600 }, "2027-01-20T13:30:00.000Z"],
  ];
  test.each(ends)("%s ends at its time in UTC", async (_, settings, endsAt) => {
    await using house = await start();
    const { clock } = house.server;
    await house.pass(Date.parse("2027-01-20T12:30:00Z") - clock.wallMs());
    await house.admin("DELETE", "");
    const { season } = LeaderboardNow.parse((await house.make(settings)).body);
    expect(season).toEqual({ season: 1, current: true, startsAt: expect.any(String), endsAt });
    await house.pass(Date.parse(endsAt) - clock.wallMs());
    const next = LeaderboardNow.parse((await house.get("")).body).season;
    expect(next).toMatchObject({ season: 2, startsAt: endsAt });
  });

  test("the end of each is one event, in the transaction that begins the next", async () => {
    await using house = await start({ reset: "daily" }, ["Ada", "Ben"]);
    await house.submit("Ada", "9007199254740993");
    await house.submit("Ben", "9007199254740994");
    await house.pass(DAY_MS);
    await Promise.all([house.top(), house.top(), house.submit("Ada", 1)]);
    await house.admin("POST", "/seasons/2/end", {});
    await house.admin("POST", "/seasons/2/end", {});
    const { clock, deps } = house.server;
    const sql = "SELECT at_ms, data FROM events WHERE type = 'leaderboard.season_ended'";
    const { rows: told } = await deps.database.client.execute(sql);
    const ends = told.map(({ at_ms, data }) => ({ atMs: at_ms, ...JSON.parse(String(data)) }));
    const midnightMs = Math.floor(clock.wallMs() / DAY_MS) * DAY_MS;
    expect(ends).toEqual([
      {
        ...{ leaderboardId: "kills", season: 1, players: 2, atMs: midnightMs },
        ...{ startsAtMs: expect.any(String), endsAtMs: String(midnightMs) },
        ...{ winnerId: house.idOf("Ben"), winnerScore: "9007199254740994" },
      },
      expect.objectContaining({ season: 2, players: 1, winnerScore: "1", atMs: clock.wallMs() }),
    ]);
  });

  test("staff ends one before its time, once", async () => {
    await using house = await start();
    await house.submit("Ada", 5);
    expect((await house.admin("POST", "/seasons/1/end", {})).status).toBe(200);
    const again = await house.admin("POST", "/seasons/1/end", {});
    expect([again.status, readError(again).message]).toEqual([
      409,
      "cannot end season 1 of kills: 2 is the present one",
    ]);
    const { seasons } = SeasonPage.parse((await house.get("/seasons")).body);
    expect(seasons.map(({ season, current }) => [season, current])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect([rows(await house.top()), rows(await house.top("?season=1"))]).toEqual([
      [],
      ["1 Ada 5"],
    ]);
  });
});

describe("settings", () => {
  test("servers make the same one as often as they start, another one is a conflict", async () => {
    await using house = await start({ operator: "sum" });
    const both = await Promise.all([house.make(), house.make({ title: "Other" })]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await house.make({ operator: "best" })).status).toBe(409);
  });

  test("staff makes and deletes one, which the audit log tells", async () => {
    await using house = await start();
    const { accessToken: token } = await house.server.guest();
    const body = { leaderboardId: "wins", title: "Wins" };
    const refused = await house.server.call("POST", "/api/leaderboards", { token, body });
    expect(refused.status).toBe(403);
    const make = () => house.create(body);
    const made = await make();
    expect(LeaderboardNow.parse(made.body).leaderboard).toMatchObject({ operator: "best" });
    expect((await make()).status).toBe(409);
    await house.submit("Ada", 1);
    expect((await house.admin("DELETE", "")).body).toEqual({ deleted: true });
    expect((await house.get("/scores")).status).toBe(404);
    const sql = "SELECT event FROM audit_log ORDER BY number";
    const { rows } = await house.server.deps.database.client.execute(sql);
    expect(rows.map(({ event }) => event)).toEqual(["leaderboard.created", "leaderboard.deleted"]);
  });

  test("a period is given with its length, and only then", async () => {
    await using house = await start();
    for (const settings of [{ reset: "period" }, { reset: "daily", periodSeconds: 60 }]) {
      const answer = await house.make(settings);
      expect(readError(answer).message).toBe(
        "cannot accept the input: periodSeconds must be given with reset period, and only then",
      );
    }
  });
});

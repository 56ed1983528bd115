// Players fight on a real shard; each kill that their world knows must be in the event log, once,
// whichever of the processes between them is killed meanwhile.
import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { startRedis } from "#shared/testing/brokers.ts";
import { until } from "#shared/testing/until.ts";
import { type CancelTimer, systemClock as clock } from "#shared/time/clock.ts";
import { EventLogReader } from "../bench/chaos/bus/kill-log.ts";
import { Deployment } from "../bench/chaos/deployment.ts";
import { Mind } from "../client/bots/mind.ts";
import { createClient, type Session } from "../client/index.ts";

const PLAYERS = 10;
const THINK_MS = 100;
const KILLS_MS_MAX = 60_000;

/** NATS is in server/broker.test.ts, with a sender for a shard. */
const brokers = { "local:": undefined, redis: startRedis };

test.each(["local:", "redis"] as const)(
  "kills over %s arrive, whoever dies",
  async (kind) => {
    await using broker = await brokers[kind]?.();
    // They ask for the log more often than players may.
    const settings = { TESSERA_BUS: broker?.url ?? "local:", TESSERA_LIMIT_FACTOR: "1000" };
    await using deployment = await Deployment.start({
      clock,
      both: settings,
      shard: { TESSERA_ARENA_SIDE: "256", TESSERA_CONNECTIONS_PER_IP: "50" },
    });
    const log = new EventLogReader(deployment.serverUrl);
    await until("the shard", () => log.hasShard());
    await using players = await Players.join(deployment.serverUrl);
    const more = async (what: string) => {
      const before = await log.countKills();
      await until(
        `a kill after ${what}`,
        async () => {
          return (await log.countKills()) > before;
        },
        KILLS_MS_MAX,
      );
    };
    await more("the start");
    deployment.kill("server");
    await until("the server", () => log.hasShard().catch(() => false));
    await more("the death of the server");
    deployment.kill("shard");
    await more("the death of the shard");
    if (broker !== undefined) {
      await broker.service.kill();
      await broker.service.restart();
      await more("the death of the broker");
    }
    players.rest();
    await until("all kills", async () => {
      return players.kills === (await log.countKills());
    });
    expect(players.kills).toBeGreaterThan(2);
  },
  240_000,
);

/** Players who fight until they rest. */
class Players implements AsyncDisposable {
  readonly #sessions: Session[] = [];
  readonly #minds: Mind[] = [];
  #cancel: CancelTimer = () => undefined;

  static async join(url: string): Promise<Players> {
    const players = new Players();
    const random = createRandom(7);
    for (let index = 0; index < PLAYERS; index++) {
      const client = createClient({ url, random: () => random.below(1_000) / 1_000 });
      await client.guest({ displayName: `Fighter ${index}` });
      const session = await client.join("arena");
      players.#sessions.push(session);
      players.#minds.push(new Mind({ random, world: session.parameters }));
    }
    players.#fight();
    return players;
  }

  /** All that their world says they have. */
  get kills(): number {
    return this.#sessions.reduce((sum, { selfState }) => sum + selfState.kills, 0);
  }

  rest(): void {
    this.#cancel();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.rest();
    await Promise.all(this.#sessions.map((session) => session.leave()));
  }

  #fight(): void {
    for (const [index, session] of this.#sessions.entries()) {
      const mind = this.#minds[index];
      if (session.status !== "playing" || mind === undefined) continue;
      const { dx, dy, face, attack } = mind.think(session.sample(), clock.monotonicMs());
      session.setControls(dx, dy);
      if (face !== null) session.face(face);
      if (attack) session.attack();
    }
    this.#cancel = clock.schedule(THINK_MS, () => this.#fight());
  }
}

// A real shard, a real server with its replica, and a real standby.
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { createClient } from "@libsql/client";
import { startSqld, type TestSqld } from "#shared/testing/sqld.ts";
import { until } from "#shared/testing/until.ts";
import { GameClient } from "../../testing/game-client.ts";
import { PaperAuthority } from "../../testing/paper-authority.ts";
import { ShardFixture } from "../../testing/shard-fixture.ts";

const KEY = "arena:1:eu-west-1";

const shipTo = ({ primary, token }: TestSqld) => ({ url: primary.url, token });
const followOf = ({ replica, readToken }: TestSqld) => ({ url: replica.url, token: readToken });

async function healthOf(standby: ShardFixture): Promise<Record<string, unknown>> {
  if (standby.standbyPort === 0) return {};
  return await (await fetch(`http://127.0.0.1:${standby.standbyPort}/health`)).json();
}

async function follows(standby: ShardFixture): Promise<void> {
  await until(`the standby, which said\n${standby.log}`, async () => {
    return (await healthOf(standby)).replica === "following";
  });
}

async function play(shard: ShardFixture, name: string, moves: number): Promise<number> {
  const client = await GameClient.join(shard.address, { ticket: await shard.ticket(name) });
  for (let move = 0; move < moves; move += 1) await client.acknowledged(client.move(1, 0));
  client.cut();
  return client.entity;
}

test("a standby goes on from what its replica has, ships on, and may be restarted", async () => {
  await using sqld = await startSqld();
  const authority = new PaperAuthority();
  await using owner = await ShardFixture.start({ ship: shipTo(sqld) }, authority);
  await using standby = owner.standby({ standby: followOf(sqld) });
  const entity = await play(owner, "ann", 10);
  await follows(standby);
  expect(await healthOf(standby)).toMatchObject({ status: "standby", can_take_over: true });
  const { status } = await fetch(`http://127.0.0.1:${standby.standbyPort}/ready`);
  expect(status).toBe(503);
  const metrics = await (await fetch(`http://127.0.0.1:${standby.standbyPort}/metrics`)).text();
  expect(metrics).toMatch(/tessera_standby_state\{state="following".*\} 1/);
  expect(metrics).toMatch(/tessera_standby_can_take_over\{.*\} 1/);
  await owner.stop();
  authority.expire(KEY);
  await standby.serving;
  expect(standby.log).toContain("the lease is granted: taking over");
  expect(new URL(standby.address).port).toBe(String(standby.standbyPort));
  expect(await play(standby, "ann", 5)).toBe(entity);
  await until("the shipping of the new owner", async () => {
    return (await healthOf(standby)).replica === "shipping";
  });

  await standby.restart();
  expect(standby.log).toContain("the database in place is the shard's own: it is served");
  expect(await play(standby, "ann", 1)).toBe(entity);
});

test("an owner that lives on is out, and adds nothing to the primary any more", async () => {
  await using sqld = await startSqld();
  const authority = new PaperAuthority();
  await using owner = await ShardFixture.start({ ship: shipTo(sqld) }, authority);
  await using standby = owner.standby({ standby: followOf(sqld) });
  await play(owner, "ann", 3);
  await follows(standby);
  authority.expire(KEY);
  await standby.serving;
  await until("the owner's end", () => owner.losses.length > 0);
  expect(owner.losses[0]).toMatch(/holds it under epoch 2|a later owner has written to it/);
  const client = createClient({ url: sqld.primary.url, authToken: sqld.token });
  const { rows } = await client.execute("SELECT epoch FROM progress");
  expect(rows[0]?.[0]).toBe(2);
});

test("the region that was lost stands by from then on; its own last ticks are kept", async () => {
  await using sqld = await startSqld();
  const authority = new PaperAuthority();
  await using owner = await ShardFixture.start({ ship: shipTo(sqld) }, authority);
  await using standby = owner.standby({ standby: followOf(sqld) });
  const entity = await play(owner, "ann", 3);
  await follows(standby);
  await owner.stop();
  authority.expire(KEY);
  await standby.serving;
  await play(standby, "ann", 3);
  const { databasePath } = owner;
  await using back = standby.standby({ standby: followOf(sqld), databasePath });
  await follows(back);
  await standby.stop();
  authority.expire(KEY);
  await back.serving;
  expect(await play(back, "ann", 1)).toBe(entity);
  const names = readdirSync(dirname(owner.databasePath));
  expect(names.some((name) => name.startsWith("arena.db.before-"))).toBe(true);
});

test("a standby that cannot have the files says who has them", async () => {
  await using sqld = await startSqld();
  await using owner = await ShardFixture.start({ ship: shipTo(sqld) });
  await using beside = owner.standby({
    standby: followOf(sqld),
    databasePath: owner.databasePath,
  });
  await expect(beside.serving).rejects.toThrow("another process is using it");
});

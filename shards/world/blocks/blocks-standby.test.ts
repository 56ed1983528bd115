// A world of blocks that goes on elsewhere, from its replica.
import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { WorldId } from "#shared/model/ids.ts";
import { Block } from "#shared/sim/index.ts";
import { startSqld } from "#shared/testing/sqld.ts";
import { until } from "#shared/testing/until.ts";
import { BlocksClient, newActionId } from "../../testing/blocks-client.ts";
import { PaperAuthority } from "../../testing/paper-authority.ts";
import { ShardFixture } from "../../testing/shard-fixture.ts";

const KEY = "blocks:1:eu-west-1";

async function join(shard: ShardFixture): Promise<BlocksClient> {
  return BlocksClient.join(shard.address, { ticket: await shard.ticket("ann") });
}

async function follows(standby: ShardFixture): Promise<void> {
  await until(`the standby, which said\n${standby.log}`, async () => {
    if (standby.standbyPort === 0) return false;
    const answer = await fetch(`http://127.0.0.1:${standby.standbyPort}/health`);
    const health: Record<string, unknown> = await answer.json();
    return health.replica === "following";
  });
}

test("what was built and is carried is at the standby, and nothing is done twice", async () => {
  await using sqld = await startSqld();
  const authority = new PaperAuthority();
  const world = WorldId.parse("blocks");
  const ship = { url: sqld.primary.url, token: sqld.token };
  await using owner = await ShardFixture.start({ world, ship }, authority);
  const follow = { url: sqld.replica.url, token: sqld.readToken };
  await using standby = owner.standby({ standby: follow });
  await follows(standby);
  using ann = await join(owner);
  const { x, y } = ann.place;
  const places = Array.from({ length: 49 }, (_, step) => {
    return { x: x + (step % 7) - 3, y: y + Math.floor(step / 7) - 3, layer: 2 };
  });
  const place = places.find((each) => ann.block(each) === Block.Air) ?? { x, y, layer: 2 };
  const build = { case: "buildPlace" as const, value: { place, slot: ann.slotOf(Block.Planks) } };
  const actionId = newActionId();
  expect(await ann.perform(build, actionId)).toBe(RejectionReason.UNSPECIFIED);
  ann.close();
  await owner.stop();
  authority.expire(KEY);
  await standby.serving;
  using again = await join(standby);
  expect(again.block(place)).toBe(Block.Planks);
  expect(again.countOf(Block.Planks)).toBe(31);
  expect(await again.perform(build, actionId)).toBe(RejectionReason.UNSPECIFIED);
  expect(again.countOf(Block.Planks)).toBe(31);
  expect(await again.perform(build)).toBe(RejectionReason.OCCUPIED);
}, 60_000);

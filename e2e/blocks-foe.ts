// Somebody in the world of blocks, without a page, who goes after another player.
import { BLOCKS_UNIT, Block, isPassable, PLAYER_HEALTH_MAX } from "#shared/sim/index.ts";
import { until } from "#shared/testing/until.ts";
import { type BlocksSession, createClient } from "../client/index.ts";
import type {
  BlocksEntityView,
  BlocksWorldView,
} from "../client/sdk/blocks/blocks-session-types.ts";
import { createMemoryStorage } from "../client/sdk/token-store.ts";

/** Blocks around somebody who begins within which the other one begins. */
const AROUND = 40;
const REACH = 1.4;
const WAIT_MS = 60_000;
const STEPS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Joins, walks to a player and strikes until that one lies dead; leaves. */
export async function fell(
  url: string,
  { name, region, target }: { name: string; region: string; target: number },
): Promise<void> {
  const client = createClient({ url, storage: createMemoryStorage() });
  await client.guest({ displayName: name });
  const session = await client.join("blocks", { region, viewport: { width: 80, height: 60 } });
  await until(
    `${name} has felled the other one`,
    () => {
      const view = session.sample();
      const victim = view.others.find(({ id }) => id === target);
      if (view.self === null || victim === undefined) return false;
      if (victim.wounds >= PLAYER_HEALTH_MAX) return true;
      goAfter(session, { view, self: view.self, victim });
      return false;
    },
    WAIT_MS,
  );
  await session.leave();
}

function goAfter(
  session: BlocksSession,
  { view, self, victim }: { view: BlocksWorldView; self: Spot; victim: BlocksEntityView },
): void {
  if (Math.hypot(victim.x - self.x, victim.y - self.y) < REACH) {
    session.setControls(0, 0);
    if (session.stats.serverTick >= session.selfState.attackReadyTick) {
      session.attack(victim.id);
    }
    return;
  }
  const next = nextStep(view, self, victim) ?? victim;
  session.setControls(signOf(next.x - self.x), signOf(next.y - self.y));
}

/** Exact enough to get through between two trees. */
function signOf(distance: number): number {
  return Math.abs(distance) < 8 / BLOCKS_UNIT ? 0 : Math.sign(distance);
}

/** The middle of the block to go to next, by the shortest way. */
function nextStep(view: BlocksWorldView, from: Spot, to: Spot): Spot | undefined {
  const [startX, startY] = [Math.floor(from.x), Math.floor(from.y)];
  // From the end to the start, so that what leads to the start is the next step.
  const ways: Spot[] = [{ x: Math.floor(to.x), y: Math.floor(to.y) }];
  const seen = new Set(ways.map(({ x, y }) => `${x} ${y}`));
  for (const at of ways) {
    for (const [right, down] of STEPS) {
      const next = { x: at.x + right, y: at.y + down };
      if (next.x === startX && next.y === startY) return { x: at.x + 0.5, y: at.y + 0.5 };
      const key = `${next.x} ${next.y}`;
      const isFar = Math.abs(next.x - to.x) > AROUND || Math.abs(next.y - to.y) > AROUND;
      if (isFar || seen.has(key) || !isOpen(view, next)) continue;
      seen.add(key);
      ways.push(next);
    }
  }
  return undefined;
}

function isOpen({ land }: BlocksWorldView, { x, y }: Spot): boolean {
  const stands = land.block(x, y, 1);
  if (stands === null || !isPassable(stands.id, stands.level)) return false;
  return land.block(x, y, 0)?.id !== Block.Air;
}

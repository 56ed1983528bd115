import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { refusal } from "../../sdk/action-error.ts";
import type {
  ActionOutcome,
  DurableAction,
  EntityView,
  SelfState,
} from "../../sdk/session-types.ts";
import { Credits } from "./credits.ts";

function setUp(self: Partial<SelfState>) {
  const told: string[] = [];
  const performed: DurableAction[] = [];
  const outcome = Promise.withResolvers<ActionOutcome>();
  const state = { kills: 0, deaths: 0, score: 0, credits: 1, health: 100, respawnTick: 0 };
  const session = {
    selfState: { ...state, attackReadyTick: 0, ...self },
    perform(action: DurableAction) {
      performed.push(action);
      return outcome.promise;
    },
  };
  const credits = new Credits((text) => told.push(text));
  return { told, performed, outcome, session, credits };
}

function view(id: number, x: number): EntityView {
  const pose = { y: 0, dx: 0, dy: 0, facingRight: true, state: "idle" as const };
  return { ...pose, id, name: `P${id}`, x, health: 100, score: 0, self: id === 1 };
}

const DONE: ActionOutcome = { actionId: new Uint8Array(16), tick: 1 };

function refused(reason: RejectionReason) {
  return refusal("give", { actionId: DONE.actionId, reason });
}

test("one who is dead and can pay returns, once however often it is asked for", async () => {
  const { credits, session, performed, outcome } = setUp({ respawnTick: 90 });
  const first = credits.respawn(session);
  await credits.respawn(session);
  expect(performed).toEqual([{ case: "respawn" }]);
  expect(credits.returning).toBe(true);
  outcome.reject(refused(RejectionReason.ALIVE));
  await first;
  expect(credits.returning).toBe(false);
});

test.each([{ respawnTick: 0 }, { respawnTick: 90, credits: 0 }])(
  "%j pays for no return",
  async (self) => {
    const { credits, session, performed } = setUp(self);
    await credits.respawn(session);
    expect(performed).toEqual([]);
  },
);

test("a credit goes to whoever is nearest, and the feed says so when it is there", async () => {
  const { credits, session, performed, outcome, told } = setUp({});
  const giving = credits.give(session, [view(2, 300), view(3, 90), view(1, 100), view(4, 120)]);
  expect(performed).toEqual([{ case: "give", entity: 3 }]);
  expect(told).toEqual([]);
  outcome.resolve(DONE);
  await giving;
  expect(told).toEqual(["You gave P3 a credit"]);
});

test("why no credit is given is told", async () => {
  const alone = setUp({});
  await alone.credits.give(alone.session, [view(1, 100)]);
  expect([alone.told, alone.performed]).toEqual([["Nobody is near"], []]);
  const poor = setUp({ credits: 0 });
  await poor.credits.give(poor.session, [view(1, 0), view(2, 1)]);
  expect([poor.told, poor.performed]).toEqual([["You have no credit to give"], []]);
  const full = setUp({});
  full.outcome.reject(refused(RejectionReason.UNAVAILABLE));
  await full.credits.give(full.session, [view(1, 0), view(2, 1)]);
  expect(full.told).toEqual(["P2 takes no more credits"]);
});

// The process of `slow-clients.ts`.
import { systemClock } from "#shared/time/clock.ts";
import { SlowClient } from "./slow-client.ts";
import { SlowCommand, type SlowKind, SlowOrders, type SlowReport } from "./slow-clients.ts";

const PLAY_MS = 1_000;
const DEVOUR_MS = 100;
const ENTERING_MAX = 32;

const ACTIONS: Readonly<Record<SlowKind, (client: SlowClient) => void>> = {
  deaf: () => undefined,
  playing: (client) => client.play(),
  greedy: (client) => client.devour(),
  feigning(client) {
    client.feign();
    client.devour();
  },
  sleepy: (client) => client.devour(),
};

interface Member {
  readonly client: SlowClient;
  readonly kind: SlowKind;
  readonly sleepMs: number;
  isAsleep: boolean;
}

if (process.send === undefined) {
  console.error("cannot be slow alone: start it with `bun run chaos slow`");
  process.exit(78);
}
process.on("disconnect", () => process.exit(1));

const clock = systemClock;
const members: Member[] = [];
process.on("message", (message) => {
  const command = SlowCommand.safeParse(message);
  if (command.success) obey(command.data);
  else void enter(SlowOrders.parse(message));
});

async function enter({ address, clients }: SlowOrders): Promise<void> {
  const waiting = [...clients.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { kind, ticket, sleepMs }] = next;
      const client = await SlowClient.join({ address, ticket, clock });
      members[index] = { client, kind, sleepMs, isAsleep: false };
    }
  };
  await Promise.all(Array.from({ length: ENTERING_MAX }, lane));
  for (const member of members) keepPlaying(member);
  tell({ type: "in", ports: members.map(({ client }) => client.localPort) });
}

/** While it reads, everyone plays. */
function keepPlaying(member: Member): void {
  clock.schedule(PLAY_MS, () => {
    if (member.client.isOver) return;
    if (!member.isAsleep) member.client.play();
    keepPlaying(member);
  });
}

function obey(command: "stop reading" | "report"): void {
  if (command === "stop reading") for (const member of members) fallAsleep(member);
  else report();
}

function fallAsleep(member: Member): void {
  const { client, kind, sleepMs } = member;
  client.stopReading();
  member.isAsleep = true;
  actAsleep(member);
  if (kind !== "sleepy") return;
  clock.schedule(sleepMs, () => {
    member.isAsleep = false;
    client.readOn();
  });
}

function actAsleep(member: Member): void {
  const { client, kind } = member;
  if (!member.isAsleep || client.isOver) return;
  ACTIONS[kind](client);
  clock.schedule(kind === "playing" ? PLAY_MS : DEVOUR_MS, () => actAsleep(member));
}

function report(): void {
  const sleepy = members.filter(({ kind }) => kind === "sleepy").map(({ client }) => client);
  const sum = (read: (client: SlowClient) => number) =>
    sleepy.reduce((total, client) => total + read(client), 0);
  tell({
    type: "over",
    checks: sum(({ proofs }) => proofs.checks),
    mismatches: sum(({ proofs }) => proofs.mismatches),
    resets: sum(({ resets }) => resets),
    cuts: sum(({ isOver }) => (isOver ? 1 : 0)),
  });
}

function tell(message: SlowReport): void {
  process.send?.(message);
}

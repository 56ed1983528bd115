import type { Clock } from "#shared/time/clock.ts";
import { createClient } from "../../../client/index.ts";
import { pause, waitUntil } from "../run/waiting.ts";
import { type PresenceAnswer, PresenceJudge } from "./presence-judge.ts";
import type { StageRegion } from "./stage-region.ts";

const LOOK_MS = 100;
const ANSWER_MS_MAX = 5_000;
/** All players of an experiment fit into one page. */
const LIMIT = 100;

/** A member of a region's staff who asks its server again and again who is where. */
export class PresenceObserver {
  readonly region: StageRegion;
  readonly judge: PresenceJudge;
  /** Questions that it did not answer all the same. */
  unanswered = 0;
  /** Longest time between two answers while it runs: how well it was watched. */
  unwatchedMsMax = 0;
  readonly #clock: Clock;
  readonly #ask: () => Promise<Omit<PresenceAnswer, "askedMs">>;
  #isUp = true;
  #answeredMs: number | undefined;
  #isOver = false;
  #looking: Promise<void> = Promise.resolve();

  private constructor(
    region: StageRegion,
    parts: { clock: Clock; ask: () => Promise<Omit<PresenceAnswer, "askedMs">> },
  ) {
    this.region = region;
    this.#clock = parts.clock;
    this.#ask = parts.ask;
    this.judge = new PresenceJudge(parts.clock.monotonicMs());
  }

  /** The first administrator of a new server. */
  static async open(region: StageRegion, clock: Clock): Promise<PresenceObserver> {
    const link = () => region.server.find(/#setup=([\w-]+)/);
    await waitUntil(clock, () => link() !== undefined);
    const { api, logIn } = openClient(region);
    const login = { username: "Root", password: "correct horse battery" };
    await api.auth.setUp.mutate({ token: link() ?? "", ...login });
    await logIn(login);
    const ask = () =>
      api.presence.list.query({ limit: LIMIT }, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return new PresenceObserver(region, { clock, ask });
  }

  /** Whether the server runs. */
  get isUp(): boolean {
    return this.#isUp;
  }

  set isUp(isUp: boolean) {
    this.#isUp = isUp;
    this.#answeredMs = undefined;
  }

  /** Looks until `end`. */
  start(): void {
    this.#looking = this.#look();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#looking;
  }

  async #look(): Promise<void> {
    while (!this.#isOver) {
      const askedMs = this.#clock.monotonicMs();
      const wasUp = this.isUp;
      try {
        this.judge.take({ askedMs, ...(await this.#ask()) });
        this.#noteAnswer();
      } catch {
        if (wasUp && this.isUp) this.unanswered += 1;
      }
      await pause(this.#clock, LOOK_MS);
    }
  }

  #noteAnswer(): void {
    const nowMs = this.#clock.monotonicMs();
    this.unwatchedMsMax = Math.max(this.unwatchedMsMax, nowMs - (this.#answeredMs ?? nowMs));
    this.#answeredMs = nowMs;
  }
}

function openClient({ url }: StageRegion) {
  const kept = new Map<string, string>();
  const client = createClient({
    url,
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
  });
  return {
    api: client.api,
    logIn: (login: Parameters<typeof client.logIn>[0]) => client.logIn(login),
  };
}

// Compares each answer about presence with what is so.
//
// A wrong answer is no fault by itself: news takes time. So each one is measured by how long before
// the question that became so of which the answer does not know; the longest of them is what a
// caller may have to wait. A player that was shown as it is, and is not any more although nothing
// changed, has vanished, or is a ghost, however short.

/** What is so of a player. */
export type Truth =
  /** It plays on that shard. */
  | { readonly at: string }
  /** Its connection is lost: it may be shown so, or not at all. */
  | "away"
  | "gone"
  /** Nobody can say: its shard stands still, or comes back at this moment. */
  | "unknown";

/** What a server answered, and when it was asked. */
export interface PresenceAnswer {
  readonly askedMs: number;
  readonly fresh: boolean;
  readonly players: readonly {
    readonly playerId: string;
    readonly shardKey: string;
    readonly connected: boolean;
  }[];
}

/**
 * After a change a right answer may be from before: of who lost its connection and had it again
 * between two tellings. One that comes later than that knows of the change.
 */
const NEWS_MS_MAX = 5_000;
/** Of which it is told. */
const VANISHINGS_MAX = 10;
/** Within this time a picture that stands still must say so. */
const FRESH_MS_MAX = 11_000;

interface Known {
  truth: Truth;
  sinceMs: number;
  /** Whether an answer has told it since. */
  wasTold: boolean;
}

/** Judges the answers of one server. */
export class PresenceJudge {
  readonly #known = new Map<string, Known>();
  #hears: { readonly isSo: boolean; readonly sinceMs: number };
  readonly figures = {
    answers: 0,
    goneMsMax: 0,
    backMsMax: 0,
    vanished: 0,
    ghosts: 0,
    doubled: 0,
    strangers: 0,
    staleUntold: 0,
    staleTold: 0,
  };
  /** What the answer said that was wrong for longest, and of those who vanished, for people. */
  worst = "";
  readonly vanishings: string[] = [];
  /** All players are shown as they are, by the last answer. */
  isRight = false;

  constructor(nowMs: number) {
    this.#hears = { isSo: true, sinceMs: nowMs };
  }

  truthOf(playerId: string): Truth | undefined {
    return this.#known.get(playerId)?.truth;
  }

  /** Something is so from now on. */
  expect(playerId: string, truth: Truth, nowMs: number): void {
    const known = this.#known.get(playerId);
    if (known !== undefined && isSame(known.truth, truth)) return;
    this.#known.set(playerId, { truth, sinceMs: nowMs, wasTold: false });
    this.isRight = false;
  }

  /** The server is cut off, or stands still: its picture is what it was. */
  deafens(nowMs: number): void {
    this.#hears = { isSo: false, sinceMs: nowMs };
    this.isRight = false;
  }

  /** It hears again; one that was started `anew` has no picture. */
  hears(nowMs: number, { anew }: { readonly anew: boolean }): void {
    this.#hears = { isSo: true, sinceMs: nowMs };
    this.isRight = false;
    if (anew) for (const known of this.#known.values()) known.wasTold = false;
  }

  /** The machine stood still, and the server with it. */
  wakes(nowMs: number): void {
    this.#hears = { ...this.#hears, sinceMs: nowMs };
    this.isRight = false;
  }

  take({ askedMs, fresh, players }: PresenceAnswer): void {
    const { figures } = this;
    const hearing = this.#hears;
    // Of neither side of the change.
    if (hearing.sinceMs > askedMs) return;
    figures.answers += 1;
    const places = new Map(players.map((place) => [place.playerId, place]));
    figures.doubled += players.length - places.size;
    figures.strangers += players.filter(({ playerId }) => !this.#known.has(playerId)).length;
    if (!fresh) figures.staleTold += 1;
    if (!hearing.isSo && fresh && askedMs - hearing.sinceMs > FRESH_MS_MAX) {
      figures.staleUntold += 1;
    }
    let isRight = hearing.isSo;
    for (const [playerId, known] of this.#known) {
      if (known.sinceMs > askedMs) {
        isRight = false;
        continue;
      }
      const isTold = tells(places.get(playerId), known.truth);
      if (isTold && fresh) known.wasTold ||= askedMs - known.sinceMs > NEWS_MS_MAX;
      else if (!isTold && known.wasTold) {
        figures[isHere(known.truth) ? "vanished" : "ghosts"] += 1;
        const since = Math.round(askedMs - known.sinceMs);
        const said = JSON.stringify(places.get(playerId));
        const is = JSON.stringify(known.truth);
        const hears = `${hearing.isSo} ${Math.round(askedMs - hearing.sinceMs)}`;
        const line = `${playerId} is ${is} for ${since} ms: ${said}, ${fresh}, hears ${hears}`;
        if (this.vanishings.length < VANISHINGS_MAX) this.vanishings.push(line);
      }
      if (isTold && fresh) continue;
      isRight = false;
      if (!hearing.isSo) continue;
      const place = places.get(playerId);
      this.#late(known.truth, {
        ms: askedMs - Math.max(known.sinceMs, hearing.sinceMs),
        said: `${JSON.stringify(place)}, fresh: ${fresh}, of ${playerId}`,
      });
    }
    this.isRight = isRight;
  }

  #late(truth: Truth, { ms, said }: { ms: number; said: string }): void {
    const metric = isHere(truth) ? "backMsMax" : "goneMsMax";
    if (ms <= this.figures[metric]) return;
    this.figures[metric] = ms;
    this.worst = `${JSON.stringify(truth)} since ${Math.round(ms)} ms, and the answer was ${said}`;
  }
}

function isHere(truth: Truth): truth is { readonly at: string } {
  return typeof truth !== "string";
}

function isSame(one: Truth, other: Truth): boolean {
  return isHere(one) && isHere(other) ? one.at === other.at : one === other;
}

function tells(place: PresenceAnswer["players"][number] | undefined, truth: Truth): boolean {
  if (truth === "unknown") return true;
  if (truth === "gone") return place === undefined;
  if (truth === "away") return place?.connected !== true;
  return place?.connected === true && place.shardKey === truth.at;
}

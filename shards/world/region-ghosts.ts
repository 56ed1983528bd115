/** How somebody is shown outside its region; what it can do and owns stays at home. */
export interface GhostRecord {
  /** In its own region. */
  readonly id: number;
  readonly kind: number;
  /** So many of its region's ticks ago it was at x, y; from there it goes on by vx, vy. */
  readonly age: number;
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  readonly wounds: number;
  readonly facing: number;
  readonly state: number;
  readonly name: string;
}

/** Somebody waves, or the like. */
export interface GhostEmote {
  /** In its own region. */
  readonly id: number;
  readonly emote: number;
}

/** What a region tells of those who live in it. */
export interface GhostNews {
  readonly region: string;
  readonly tick: number;
  readonly tickRate: number;
  /** Whoever was told of before is gone. */
  readonly anew: boolean;
  readonly gone: readonly number[];
  readonly ghosts: readonly GhostRecord[];
  readonly emotes: readonly GhostEmote[];
}

/** Who is told of first where not all can be: 0 is not told of at all. */
export const GhostRank = { None: 0, Creature: 1, Player: 2 } as const;

/** Those who live here, by row, as clients were told of them last; to be read between two ticks. */
export interface OwnFigures {
  /** One past the highest row that was ever used. */
  readonly rowCount: number;
  /** 0 for a row of nobody. */
  readonly ids: ArrayLike<number>;
  /** Tick of the record's last change. */
  readonly toldTick: ArrayLike<number>;
  rankOf(row: number): number;
  read(row: number): GhostRecord;
}

/**
 * Who is shown across regions: those who live here as the others are to see them, and theirs beside
 * the world. No ghost is in the world: its state, its hash and its journal know of none.
 */
export interface RegionGhosts {
  readonly tick: number;
  readonly tickRate: number;
  readonly own: OwnFigures;
  /** Ghosts that are shown. */
  readonly held: number;
  /** Tellings of one for whom there was no room. */
  readonly withoutRoom: number;
  /** News that were dropped, because too many waited for a tick. */
  readonly lost: number;
  /** Emotes of those who live here since it was asked last. */
  takeEmotes(): GhostEmote[];
  /** Whether there can be such a ghost in this land. */
  canShow(ghost: GhostRecord): boolean;
  /** Takes what another region tells, with one of the next ticks. */
  hear(news: GhostNews): void;
}

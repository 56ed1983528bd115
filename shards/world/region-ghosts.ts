/** How a person or an animal is shown outside its region; what it does and has stays at home. */
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
}

/** Those who live here, by row, as clients were told of them last; to be read between two ticks. */
export interface OwnFigures {
  /** One past the highest row that was ever used. */
  readonly rowCount: number;
  /** 0 for a row of nobody. */
  readonly ids: ArrayLike<number>;
  /** Tick of the record's last change. */
  readonly toldTick: ArrayLike<number>;
  /** Whether other regions are told of whoever is in the row. */
  isTold(row: number): boolean;
  read(row: number): GhostRecord;
}

/**
 * People and animals across regions: those who live here as the others are to see them, and theirs
 * beside the world, whose state, hash and journal know of none of them. Players are told of apart.
 */
export interface RegionGhosts {
  readonly tick: number;
  readonly tickRate: number;
  readonly own: OwnFigures;
  /** Ghosts that are shown. */
  readonly held: number;
  /** Tellings of one for whom there was no room. */
  readonly withoutRoom: number;
  /** Whether there can be such a ghost in this land. */
  canShow(ghost: GhostRecord): boolean;
  /** Takes what another region tells, with the next tick. */
  hear(news: GhostNews): void;
}

/** How an entity looks, beside where it is. */
export interface EntityLook {
  kind: number;
  /** Health that is missing. */
  wounds: number;
  facing: number;
  state: number;
  item: number;
  count: number;
}

/** The world's entities as those see them who tell clients of them. */
export interface EntitySource {
  /** One past the highest row that was ever used. */
  readonly rowCount: number;
  /** Entity in each row; 0 for a free one. */
  readonly ids: Uint32Array;
  readonly kinds: ArrayLike<number>;
  /** Hundredths of a block. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  look(row: number, into: EntityLook): void;
  nameOf(row: number): string;
}

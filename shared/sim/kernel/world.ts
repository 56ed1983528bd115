// What every world of the simulation offers to the shard that runs it and to the tests.

/** A world's state; the rest of it is the world's own business. */
export interface World {
  /** Last finished tick; 0 before the first. */
  tick: number;
}

/** The rules of one kind of world. All functions are pure but for the world they are given. */
export interface WorldRules<State extends World, Input> {
  /** Its case in `Snapshot.parameters` and in `TickInputs`. */
  readonly name: string;
  /** Version of the meaning of its snapshot's columns. */
  readonly schemaVersion: number;
  /** Advances by one tick and applies that tick's inputs in their order. */
  step(world: State, inputs: readonly Input[]): void;
  /** 16 hexadecimal digits that are equal when and only when the states are. */
  hash(world: State): string;
  encodeSnapshot(world: State): Uint8Array;
  /** Throws `SnapshotError` for bytes that are not a snapshot of this world in this version. */
  decodeSnapshot(bytes: Uint8Array, options: { readonly capacity: number }): State;
}

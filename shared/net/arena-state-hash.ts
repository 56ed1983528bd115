// The fingerprint by which a client proves that it knows a cell as the shard has it.
//
// Each entity is mixed by itself and the cell's hash is the sum, modulo 2^32, so that the order of
// entities, which differs between the two, does not matter. The mixing is FNV-1a (Fowler, Noll, Vo,
// 1991) over whole words with a shift in each round, and ends as in MurmurHash3 (Austin Appleby,
// 2011), lest sums of similar entities cancel out. It finds mistakes and proves no authorship.

/** What all watchers of an entity know alike; its name is left out. */
export interface ArenaEntityState {
  readonly id: number;
  /** Tenths of a unit. */
  readonly x: number;
  readonly y: number;
  readonly pose: number;
  readonly wounds: number;
  readonly score: number;
}

/** 32 bits of one entity; a cell's hash is the sum over its entities, modulo 2^32. */
export function hashArenaEntity(entity: ArenaEntityState): number {
  let hash = mix(0x811c9dc5, entity.id);
  hash = mix(hash, entity.x);
  hash = mix(hash, entity.y);
  hash = mix(hash, entity.pose);
  hash = mix(hash, entity.wounds);
  hash = mix(hash, entity.score);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x01000193);
  return mixed ^ (mixed >>> 15);
}

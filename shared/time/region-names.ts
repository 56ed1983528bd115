/** Most regions that one world is mirrored in. */
export const REGIONS_MAX = 256;

/** The regions whose writes a process knows, as small numbers of its own; a name never changes. */
export class RegionNames {
  readonly #names: string[] = [];
  readonly #hashes: number[] = [];

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.indexOf(name);
  }

  /** Names in the order of their numbers. */
  get all(): readonly string[] {
    return this.#names;
  }

  /** The number of a region, which is given one at its first time. */
  indexOf(name: string): number {
    const known = this.#names.indexOf(name);
    if (known >= 0) return known;
    if (this.#names.length >= REGIONS_MAX) {
      throw new Error(`cannot add region ${name}: a world is mirrored in ${REGIONS_MAX} at most`);
    }
    this.#hashes.push(hashName(name));
    return this.#names.push(name) - 1;
  }

  nameOf(index: number): string {
    const name = this.#names[index];
    if (name === undefined) throw new Error(`cannot name region ${index}: there is none`);
    return name;
  }

  /** 32 bits of the name, the same in every process. */
  hashOf(index: number): number {
    return this.#hashes[index] ?? 0;
  }
}

/** FNV-1a (Fowler, Noll, Vo) over the name's UTF-16 units. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

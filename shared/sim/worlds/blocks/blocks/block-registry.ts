import { Block } from "./block-ids.ts";
import names from "./block-names.json";

const ID_MAX = 0xffff;

/** One line of a file of blocks. */
export interface BlockName {
  readonly id: number;
  readonly name: string;
}

/** Names of blocks by id; throws where an id or a name is there twice or out of range. */
export function createBlockRegistry(lines: readonly BlockName[]): ReadonlyMap<number, string> {
  const registry = new Map<number, string>();
  const known = new Map<string, number>();
  for (const { id, name } of lines) {
    if (!Number.isInteger(id) || id < 0 || id > ID_MAX) {
      throw new RangeError(
        `cannot register block ${name}: its id is ${id}, allowed is a whole number from 0 to ` +
          `${ID_MAX}`,
      );
    }
    const first = registry.get(id);
    if (first !== undefined) {
      throw new RangeError(
        `cannot register block ${name}: id ${id} is taken by ${first}; give it another`,
      );
    }
    if (known.has(name)) {
      throw new RangeError(
        `cannot register block ${id}: the name ${name} is taken by ${known.get(name)}; give it ` +
          "another",
      );
    }
    registry.set(id, name);
    known.set(name, id);
  }
  return registry;
}

/** Every block that there is. */
export const blockNames: ReadonlyMap<number, string> = createBlockRegistry(names);

for (const [name, id] of Object.entries(Block)) {
  if (blockNames.get(id) === name) continue;
  throw new Error(`cannot load blocks: ${name} is not block ${id} of block-names.json; add it`);
}

/** Whether there is a block with this id. */
export function isBlock(id: number): boolean {
  return blockNames.has(id);
}

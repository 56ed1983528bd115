import { type DiskState, isEqual, isLogBegunAgain, SECTOR_BYTES, sector } from "./disk-image.ts";

/** A disk that a power cut left, and the confirmed states between which it came. */
export interface PowerCut {
  readonly before: DiskState;
  readonly after: DiskState;
  readonly image: DiskState;
}

/** For people: what was written between the two states, and what of it the image has. */
export function describeCut({ before, after, image }: PowerCut): string[] {
  const again = isLogBegunAgain(before, after) ? ", begun again" : "";
  const database = describeFile(before.database, after.database, image.database);
  return [
    `database: ${database}`,
    `log${again}: ${describeFile(before.log, after.log, image.log)}`,
  ];
}

function describeFile(before: Uint8Array, after: Uint8Array, image: Uint8Array): string {
  const bytes = `${before.length} bytes, then ${after.length}, in the image ${image.length}`;
  const changed: number[] = [];
  let there = 0;
  let torn = 0;
  for (let start = 0; start < Math.max(before.length, after.length); start += SECTOR_BYTES) {
    const end = start + SECTOR_BYTES;
    const old = sector(before, start, end);
    const fresh = sector(after, start, end);
    if (isEqual(old, fresh)) continue;
    changed.push(start);
    const kept = sector(image, start, end);
    if (isEqual(kept, fresh)) there += 1;
    else if (!isEqual(kept, old)) torn += 1;
  }
  if (changed.length === 0) return `${bytes}; unchanged`;
  return (
    `${bytes}; ${changed.length} sectors changed, the first at byte ${changed[0]}, the last at ` +
    `${changed.at(-1)}; of these the image has ${there}, and ${torn} in part`
  );
}

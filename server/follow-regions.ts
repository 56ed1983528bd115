import { type RegionFile, readRegionFiles } from "#shared/infra/region-file.ts";
import { type WatchOptions, watchRegionFiles } from "#shared/infra/watch-region-files.ts";
import type { ControlDatabase } from "./deps.ts";
import { updateWorlds } from "./domains/worlds/index.ts";

/** Makes the control database say what the region files say, now and whenever they change. */
export async function followRegions(
  options: Omit<WatchOptions, "changed"> & { readonly database: ControlDatabase },
): Promise<{ files: readonly RegionFile[]; stop: () => void }> {
  const files = readRegionFiles(options.folder);
  const changed = (now: readonly RegionFile[]) => updateWorlds(options, now);
  await changed(files);
  return { files, stop: watchRegionFiles({ ...options, changed }) };
}

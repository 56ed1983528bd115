/** What one tick did that others must be told. */
export interface BlocksEffects {
  /** Cells of which block, level or data changed, for whatever reason. */
  readonly changed: Set<number>;
  /** Those of them of which block or level was changed here and not in another region. */
  readonly written: Set<number>;
}

/** Of a tick in which nothing happened. */
export function createEffects(): BlocksEffects {
  return { changed: new Set(), written: new Set() };
}

/** Forgets what the last tick did. */
export function clearEffects(effects: BlocksEffects): void {
  effects.changed.clear();
  effects.written.clear();
}

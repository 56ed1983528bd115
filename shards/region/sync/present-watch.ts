import type { RegionPresent } from "#proto/region_pb.ts";
import { RegionMessageError } from "#shared/net/region-cells.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { RegionContent } from "./batch-sender.ts";
import type { Mirror } from "./mirror.ts";

/** Time between two tellings. */
const TELL_MS = 200;
/** The same is told again as seldom as this, for whoever did not hear it. */
const SAME_MS = 1_000;
/** Players of a region that was not heard for so long are shown no more. */
const GONE_MS = 3_000;

export interface PresentWatchOptions {
  readonly mirror: Mirror;
  readonly clock: Clock;
  /** Whether anybody would hear it. */
  readonly isHeard: () => boolean;
  readonly say: (content: RegionContent) => void;
}

/** Shows who plays in the other regions, and tells them who plays here. */
export class PresentWatch {
  readonly #options: PresentWatchOptions;
  readonly #heard = new Map<string, { incarnation: number; count: number; atMs: number }>();
  #count = 0;
  #said: Uint8Array | undefined;
  #saidMs = 0;
  #cancel: CancelTimer | undefined;

  constructor(options: PresentWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock } = this.#options;
    this.#tell();
    this.#forgetAway();
    this.#cancel = clock.schedule(TELL_MS, () => this.start());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Takes what a region tells; throws RegionMessageError when it is nonsense. */
  hear(region: string, incarnation: number, { count, entities }: RegionPresent): void {
    const { mirror, clock } = this.#options;
    const known = this.#heard.get(region);
    if (known !== undefined) {
      if (incarnation < known.incarnation) return;
      if (incarnation === known.incarnation && count <= known.count) return;
    }
    try {
      mirror.show(region, entities);
    } catch (cause) {
      throw new RegionMessageError(`cannot show who is in region ${region}: unreadable`, { cause });
    }
    this.#heard.set(region, { incarnation, count, atMs: clock.monotonicMs() });
  }

  #tell(): void {
    const { mirror, clock, isHeard, say } = this.#options;
    if (!isHeard()) return;
    const entities = mirror.present();
    const nowMs = clock.monotonicMs();
    if (entities === undefined && this.#said === undefined) return;
    if (isSame(entities, this.#said) && nowMs - this.#saidMs < SAME_MS) return;
    this.#said = entities;
    this.#saidMs = nowMs;
    this.#count += 1;
    const value = { count: this.#count, entities: entities ?? new Uint8Array() };
    say({ case: "present", value });
  }

  #forgetAway(): void {
    const { mirror, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const [region, { atMs }] of this.#heard) {
      if (nowMs - atMs <= GONE_MS) continue;
      this.#heard.delete(region);
      mirror.show(region, undefined);
    }
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

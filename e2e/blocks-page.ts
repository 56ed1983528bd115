// A player of the world of blocks in a real browser.
import type { Browser, BrowserContext, Page } from "#shared/testing/chromium.ts";
import type { BlocksPlaceView, BlocksSlot } from "../client/sdk/blocks/blocks-session-types.ts";

const WAIT_MS = 60_000;

/** What the page knows of an item that lies about. */
export interface SeenItem {
  readonly id: number;
  readonly item: number;
  readonly count: number;
  readonly x: number;
  readonly y: number;
}

/** What the address asks for. */
export interface BlocksVisit {
  readonly name: string;
  readonly region?: string;
  /** Of the round trip, in milliseconds. */
  readonly latency?: string;
  /** Percent of the packets. */
  readonly loss?: string;
}

/** `/play?world=blocks` in a window of its own, with its own account. */
export class BlocksPage implements AsyncDisposable {
  readonly page: Page;
  /** Errors that the page threw or logged. */
  readonly errors: string[] = [];
  readonly #context: BrowserContext;

  private constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.#context = context;
    page.setDefaultTimeout(WAIT_MS);
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => {
      // A shard that was killed refuses connections, which the browser itself logs.
      const isRefused = message.text().includes("net::ERR_CONNECTION_REFUSED");
      if (message.type() === "error" && !isRefused) this.errors.push(message.text());
    });
  }

  /** Opens the page in a region and waits until it plays. */
  static async open(
    browser: Browser,
    url: string,
    { name, ...asked }: BlocksVisit,
  ): Promise<BlocksPage> {
    const context = await browser.newContext({ viewport: { width: 640, height: 480 } });
    const page = await context.newPage();
    const player = new BlocksPage(page, context);
    const address = new URLSearchParams({ world: "blocks", name, ...asked });
    await page.goto(`${url}/play?${address}`);
    await player.status("playing");
    await page.waitForFunction(() => {
      const { blocks } = window.tessera;
      return blocks?.sample().self !== null && (blocks?.selfState.inventory.length ?? 0) > 0;
    });
    return player;
  }

  /** Waits for a status of the session, as the page tells it. */
  async status(status: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => document.documentElement.dataset.status === wanted,
      status,
    );
  }

  /** All slots, as the page has them. */
  async inventory(): Promise<readonly BlocksSlot[]> {
    return await this.page.evaluate(() => [...(window.tessera.blocks?.selfState.inventory ?? [])]);
  }

  /** How many of an item there are in all slots. */
  async count(item: number): Promise<number> {
    const slots = await this.inventory();
    return slots.reduce((sum, slot) => sum + (slot.item === item ? slot.count : 0), 0);
  }

  /** The own player and its health, as the page has them. */
  async self(): Promise<{ x: number; y: number; health: number }> {
    return await this.page.evaluate(() => {
      const { blocks } = window.tessera;
      const { x = 0, y = 0 } = blocks?.sample().self ?? {};
      return { x, y, health: blocks?.selfState.health ?? -1 };
    });
  }

  /** The block at a place; undefined when it is out of sight. */
  async block(place: BlocksPlaceView): Promise<number | undefined> {
    return await this.page.evaluate(({ x, y, layer }) => {
      return window.tessera.blocks?.land.block(x, y, layer)?.id;
    }, place);
  }

  /** What lies on a block. */
  async itemAt(place: BlocksPlaceView): Promise<SeenItem | undefined> {
    return await this.page.evaluate(({ x, y }) => {
      const others = window.tessera.blocks?.sample().others ?? [];
      const found = others.find((other) => {
        return other.kind === 6 && Math.floor(other.x) === x && Math.floor(other.y) === y;
      });
      return found === undefined ? undefined : { ...found };
    }, place);
  }

  /**
   * A place two blocks beside the player where nothing stands in the way of building, of seeing or
   * of the mouse; undefined when there is none.
   */
  async findRoom(): Promise<BlocksPlaceView | undefined> {
    return await this.page.evaluate(() => {
      const { blocks } = window.tessera;
      const view = blocks?.sample();
      const self = view?.self;
      if (view === undefined || self === null || self === undefined) return undefined;
      const at = (x: number, y: number, layer: number) => view.land.block(x, y, layer)?.id;
      for (const [right = 0, down = 0] of [
        [2, 0],
        [-2, 0],
        [0, -2],
      ]) {
        const [x, y] = [Math.floor(self.x) + right, Math.floor(self.y) + down];
        const isOpen = [0, 1, 2].every((south) => {
          return at(x, y + south, 1) === 0 && at(x, y + south, 2) === 0;
        });
        const ground = at(x, y, 0);
        const isDry = ground === 2 || ground === 4 || ground === 5;
        const isAlone = view.others.every((other) => {
          return Math.hypot(other.x - x - 0.5, other.y - y - 0.5) > 2;
        });
        if (isOpen && isDry && isAlone) return { x, y, layer: 1 };
      }
      return undefined;
    });
  }

  /** Points at a block with the mouse and presses a button for a moment. */
  async click(place: BlocksPlaceView, button: "left" | "right"): Promise<void> {
    const point = await this.page.evaluate((target) => {
      // Of what is to be built one sees the ground, of what stands its upper side.
      const stands = window.tessera.blocks?.land.block(target.x, target.y, target.layer)?.id !== 0;
      return window.tessera.screenOf?.(stands ? target : { ...target, layer: 0 });
    }, place);
    if (point === undefined) throw new Error("cannot point at a block: the page shows none");
    await this.page.mouse.move(point.x, point.y);
    await this.#frames(2);
    await this.page.mouse.down({ button });
    await this.#frames(2);
    await this.page.mouse.up({ button });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }

  /** Waits until the page has drawn so many frames. */
  async #frames(count: number): Promise<void> {
    await this.page.evaluate(async (frames) => {
      for (let frame = 0; frame < frames; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    }, count);
  }
}

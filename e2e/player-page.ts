// A player in a real browser, for tests of the whole house.
import type { Browser, BrowserContext, Page } from "#shared/testing/chromium.ts";

const WAIT_MS = 30_000;
/** The arena's speed. */
const UNITS_PER_SECOND = 96;
/** How exactly a slow machine's players can be placed, in units. */
const NEAR = 10;
const LEGS_MAX = 40;

/** What the page shows of one player. */
export interface Seen {
  id: number;
  x: number;
  y: number;
  /** Where the shard last told that it was, in units. */
  serverX?: number;
  health: number;
  state: string;
  name: string;
}

/** What a player has that lasts. */
export interface Tally {
  kills: number;
  deaths: number;
  score: number;
  credits: number;
}

/** `/play` in a window of its own, with its own account. */
export class PlayerPage implements AsyncDisposable {
  readonly page: Page;
  readonly #context: BrowserContext;
  /** Errors that the page threw or logged. */
  readonly errors: string[] = [];

  private constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.#context = context;
    page.setDefaultTimeout(WAIT_MS);
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  /** Opens the page and waits until it plays. */
  static async open(browser: Browser, url: string, name: string): Promise<PlayerPage> {
    // Small, because the machine of a test draws without a graphics card.
    const context = await browser.newContext({ viewport: { width: 480, height: 320 } });
    const page = await context.newPage();
    const player = new PlayerPage(page, context);
    await page.goto(`${url}/play?name=${name}`);
    await player.status("playing");
    await player.until(() => window.tessera.session?.sample().self !== null);
    return player;
  }

  /** Waits for a status of the session, as the page tells it. */
  async status(status: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => document.documentElement.dataset.status === wanted,
      status,
    );
  }

  /** Waits until a function of the page gives true. */
  async until(condition: () => boolean | undefined): Promise<void> {
    await this.page.waitForFunction(condition);
  }

  /** The own player. */
  async self(): Promise<Seen> {
    const self = await this.page.evaluate(() => {
      const view = window.tessera.session?.sample().self;
      return view === null || view === undefined ? undefined : { ...view };
    });
    if (self === undefined) throw new Error("cannot see the own player");
    return self;
  }

  /** What lasts of the own player, as the page has it. */
  async tally(): Promise<Tally> {
    const tally = await this.page.evaluate(() => {
      const { kills, deaths, score, credits } = window.tessera.session?.selfState ?? {};
      return { kills, deaths, score, credits };
    });
    const { kills = -1, deaths = -1, score = -1, credits = -1 } = tally;
    return { kills, deaths, score, credits };
  }

  /**
   * From now on, each frame: how much further the own player was shown than it can have walked. The
   * result gives the furthest of all, in units; it throws when the page was loaded anew meanwhile.
   */
  async watchLeaps(): Promise<() => Promise<number>> {
    const handle = await this.page.evaluateHandle((unitsPerSecond) => {
      const seen = { furthest: 0, x: Number.NaN, y: Number.NaN, ms: performance.now() };
      const look = () => {
        requestAnimationFrame(look);
        const self = window.tessera.session?.sample().self;
        if (self === null || self === undefined) return;
        const ms = performance.now();
        // Diagonally it is on both axes at once.
        const reach = (unitsPerSecond * (ms - seen.ms)) / 1_000;
        const way = Math.max(Math.abs(self.x - seen.x), Math.abs(self.y - seen.y));
        if (way - reach > seen.furthest) seen.furthest = way - reach;
        Object.assign(seen, { x: self.x, y: self.y, ms });
      };
      look();
      return seen;
    }, UNITS_PER_SECOND);
    return async () => await handle.evaluate(({ furthest }) => furthest);
  }

  /** Another player by name; undefined when out of sight. */
  async other(name: string): Promise<Seen | undefined> {
    return await this.page.evaluate((wanted) => {
      const others = window.tessera.session?.sample().others ?? [];
      const found = others.find((entity) => entity.name === wanted);
      return found === undefined ? undefined : { ...found };
    }, name);
  }

  /** Walks to a place, in units and give or take a step, and stands still there. */
  async walkTo(target: { x: number; y: number }): Promise<void> {
    for (let legs = 0; legs < LEGS_MAX; legs++) {
      const { x, y } = await this.self();
      const away = { x: beyondNear(target.x - x), y: beyondNear(target.y - y) };
      if (away.x === 0 && away.y === 0) return;
      await this.#walk(away);
      await this.settle();
    }
    throw new Error(`cannot walk to ${target.x}, ${target.y}: not there after ${LEGS_MAX} legs`);
  }

  /** Walks one leg: both axes at once while there is way to go on both, else the longer one. */
  async #walk({ x, y }: { x: number; y: number }): Promise<void> {
    const lengths = [Math.abs(x), Math.abs(y)].filter((length) => length > 0);
    const legMs = (Math.min(...lengths) / UNITS_PER_SECOND) * 1_000;
    await this.page.evaluate(
      async ({ dx, dy, ms }) => {
        window.tessera.session?.setControls(dx, dy);
        await new Promise((resolve) => setTimeout(resolve, ms));
        window.tessera.session?.setControls(0, 0);
      },
      { dx: Math.sign(x), dy: Math.sign(y), ms: legMs },
    );
  }

  /** Waits until the player stands where the shard knows it to stand. */
  async settle(): Promise<void> {
    await this.until(() => {
      const self = window.tessera.session?.sample().self;
      if (self === null || self === undefined || self.state !== "idle") return false;
      return self.x === self.serverX && self.y === self.serverY;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}

/** A distance, or 0 where it is near enough. */
function beyondNear(distance: number): number {
  return Math.abs(distance) <= NEAR ? 0 : distance;
}

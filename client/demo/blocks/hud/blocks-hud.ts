/** Everything around the scene in a world of blocks. */
import { PLAYER_HEALTH_MAX } from "#shared/sim/index.ts";
import { healthColour } from "../../../playcanvas/index.ts";
import type { BlocksPlaceView, BlocksSession } from "../../../sdk/blocks/blocks-session-types.ts";
import { Announcements } from "../../hud/announcements.ts";
import { Banner } from "../../hud/banner.ts";
import { element, setText } from "../../hud/elements.ts";
import { Feed } from "../../hud/feed.ts";
import { make } from "../../hud/make.ts";
import { pingColour } from "../../hud/ping-colour.ts";
import { ceilingAt } from "../land/openings.ts";
import type { Goals } from "../play/goals.ts";
import type { Pockets } from "../play/pockets.ts";
import { BLOCK } from "../scale.ts";
import type { BlocksStage } from "../scene/blocks-stage.ts";
import { BagPanel } from "./bag-panel.ts";
import { ChestPanel } from "./chest-panel.ts";
import { FallenPanel } from "./fallen-panel.ts";
import { GoalList } from "./goal-list.ts";
import { HandBar } from "./hand-bar.ts";
import { LandMap } from "./land-map.ts";
import { TradePanel } from "./trade-panel.ts";

/** Seconds between two refreshes of what need not follow every frame. */
const REFRESH_SECONDS = 0.2;
/** Blocks beyond which a trader or a chest is left. */
const LEFT_BEHIND = 3.4;

/** What the player does by way of the page. */
export interface HudWishes {
  readonly chooseLayer: (layer: number) => void;
  readonly buy: (trader: number, choice: number) => void;
  /** As `BlocksInteract` numbers what is done with a chest. */
  readonly useChest: (place: BlocksPlaceView, choice: number) => void;
  readonly drop: (slot: number) => void;
  readonly respawn: () => void;
}

export interface BlocksHudFrame {
  readonly session: BlocksSession | null;
  readonly stage: BlocksStage;
  readonly layer: number;
  readonly goals: Goals;
  /** For how long the connection has been lost; null while there is one. */
  readonly awayMs: number | null;
  /** The way back to life was asked for. */
  readonly isRising: boolean;
  /** Who felled the player last, in words. */
  readonly killer: string | null;
}

export class BlocksHud {
  readonly feed = new Feed(element("feed", HTMLElement));
  readonly announcements = new Announcements((text) => {
    const root = element("announcement", HTMLElement);
    root.hidden = text === null;
    setText(element("announcement-text", HTMLElement), text ?? "");
  });
  readonly #healthFill = element("health-fill", HTMLElement);
  readonly #healthText = element("health-text", HTMLElement);
  readonly #ping = element("ping", HTMLElement);
  readonly #population = element("population", HTMLElement);
  readonly #place = element("place", HTMLElement);
  readonly #banner = new Banner();
  readonly #map = new LandMap(element("map", HTMLCanvasElement));
  readonly #bar: HandBar;
  readonly #bag: BagPanel;
  readonly #trade: TradePanel;
  readonly #chest: ChestPanel;
  readonly #goalList = new GoalList();
  readonly #pain = make("div", "pain");
  readonly #fallen: FallenPanel;
  #seconds = REFRESH_SECONDS;

  constructor(pockets: Pockets, wishes: HudWishes) {
    const close = () => this.closePanels();
    this.#bar = new HandBar(pockets, { ...wishes, toggleBag: () => this.toggleBag() });
    this.#bag = new BagPanel(pockets, {
      close,
      drop: wishes.drop,
      putIn: (slot) => this.#putIn(slot, wishes),
    });
    this.#trade = new TradePanel({ buy: wishes.buy, close });
    this.#chest = new ChestPanel({
      take: (place, slot) => wishes.useChest(place, slot + 1),
      close,
    });
    this.#fallen = new FallenPanel(wishes);
    const panels = [
      this.#fallen.veil,
      this.#pain,
      this.#goalList.root,
      this.#trade.root,
      this.#chest.root,
      this.#bag.root,
      this.#bar.root,
    ];
    element("blocks", HTMLElement).append(...panels);
  }

  /** Players in the world; null while it is unknown. */
  showPopulation(population: number | null): void {
    setText(this.#population, population === null ? "– online" : `${population} online`);
  }

  /** The player was struck: the picture's rim reddens for a moment. */
  hurt(): void {
    this.#pain.classList.remove("felt");
    // Between the two the page is laid out, so that it begins anew.
    void this.#pain.offsetWidth;
    this.#pain.classList.add("felt");
  }

  toggleBag(): void {
    if (this.#bag.isOpen) this.closePanels();
    else this.#bag.open(true);
  }

  openTrader(entity: number): void {
    this.closePanels();
    this.#trade.open(entity);
  }

  openChest(place: BlocksPlaceView): void {
    this.closePanels();
    this.#chest.open(place);
    this.#bag.open(true, true);
  }

  closePanels(): void {
    this.#bag.open(false);
    this.#trade.open(null);
    this.#chest.open(null);
  }

  /** Another session: its land is painted anew. */
  reset(): void {
    this.#map.clear();
    this.closePanels();
  }

  update(frame: BlocksHudFrame, dt: number): void {
    this.feed.advance(dt);
    this.announcements.advance(dt);
    const { session, stage } = frame;
    if (session === null) return;
    this.#bar.update(session.selfState.inventory, frame.layer, dt);
    this.#seconds += dt;
    if (this.#seconds < REFRESH_SECONDS) return;
    this.#seconds = 0;
    this.#showSelf(session, frame);
    this.#showPanels(session, stage);
    this.#goalList.update(frame.goals);
    const self = stage.binding.self?.view;
    if (self === undefined) return;
    const at = { x: self.x / BLOCK, y: self.y / BLOCK };
    setText(this.#place, `${Math.floor(at.x)} · ${Math.floor(at.y)}`);
    this.#map.draw(session.land, stage.figures?.all() ?? [], at);
    const underRoof = ceilingAt(session.land, at.x, at.y) === "roof";
    frame.goals.look({ underRoof, inventory: session.selfState.inventory });
  }

  #showSelf(session: BlocksSession, { awayMs, isRising, killer }: BlocksHudFrame): void {
    const { health } = session.selfState;
    setText(this.#healthText, `${health} / ${PLAYER_HEALTH_MAX}`);
    this.#healthFill.style.transform = `scaleX(${health / PLAYER_HEALTH_MAX})`;
    this.#healthFill.style.background = healthColour(health);
    this.#banner.show(session.notice, awayMs);
    if (session.status === "playing") {
      const { rttMs } = session.stats;
      setText(this.#ping, `${Math.round(rttMs)} ms`);
      this.#ping.style.color = pingColour(rttMs);
    }
    const isDead = health === 0 && session.selfState.inventory.length > 0;
    this.#fallen.update({ isDead, isRising, killer });
    if (isDead && (this.#bag.isOpen || this.#trade.trader !== null)) this.closePanels();
  }

  #showPanels(session: BlocksSession, stage: BlocksStage): void {
    const { inventory } = session.selfState;
    this.#bag.update(inventory);
    this.#trade.update(inventory);
    const { place } = this.#chest;
    const self = stage.binding.self?.view;
    const isFar = (x: number, y: number) =>
      self !== undefined && Math.hypot(x - self.x / BLOCK, y - self.y / BLOCK) > LEFT_BEHIND;
    if (place !== null) {
      this.#chest.update(session.selfState.chest);
      if (isFar(place.x + 0.5, place.y + 0.5)) this.closePanels();
    }
    const { trader } = this.#trade;
    const seller = trader === null ? undefined : stage.figure(trader);
    const gone = seller === undefined || isFar(seller.x / BLOCK, seller.y / BLOCK);
    if (trader !== null && gone) this.closePanels();
  }

  #putIn(slot: number, wishes: HudWishes): boolean {
    const { place } = this.#chest;
    if (place !== null) wishes.useChest(place, slot + 101);
    return place !== null;
  }
}

/** Everything around the scene: health, tally, board, map, population, ping. */
import { type BoundEntity, healthColour } from "../../../playcanvas/index.ts";
import type { EntityView, Session } from "../../../sdk/session-types.ts";
import { Announcements } from "../../hud/announcements.ts";
import { Banner } from "../../hud/banner.ts";
import { element, setText } from "../../hud/elements.ts";
import { Feed } from "../../hud/feed.ts";
import { pingColour } from "../../hud/ping-colour.ts";
import type { GroundMap } from "../scene/ground-map.ts";
import { drawBoard, rankPlayers } from "./leaderboard.ts";
import { MiniMap } from "./mini-map.ts";

/** Seconds between two refreshes of what need not follow every frame. */
const REFRESH_SECONDS = 0.2;
const HEALTH_MAX = 100;

/** What the HUD shows in a frame. */
export interface HudFrame {
  readonly session: Session | null;
  readonly bound: ReadonlyMap<number, BoundEntity>;
  readonly map: GroundMap | null;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colourOf: (id: number) => string;
  /** A return is paid for and not there yet. */
  readonly returning: boolean;
  /** For how long the connection has been lost; null while there is one. */
  readonly awayMs: number | null;
}

export class Hud {
  readonly feed = new Feed(element("feed", HTMLElement));
  readonly announcements = new Announcements((text) => {
    const root = element("announcement", HTMLElement);
    root.hidden = text === null;
    setText(element("announcement-text", HTMLElement), text ?? "");
  });
  readonly #healthFill = element("health-fill", HTMLElement);
  readonly #healthText = element("health-text", HTMLElement);
  readonly #score = element("score", HTMLElement);
  readonly #kills = element("kills", HTMLElement);
  readonly #deaths = element("deaths", HTMLElement);
  readonly #credits = element("credits", HTMLElement);
  readonly #board = element("board-list", HTMLElement);
  readonly #ping = element("ping", HTMLElement);
  readonly #population = element("population", HTMLElement);
  readonly #fallen = element("fallen", HTMLElement);
  readonly #fallenText = element("fallen-text", HTMLElement);
  readonly #fallenAction = element("fallen-action", HTMLButtonElement);
  readonly #banner = new Banner();
  readonly #map = new MiniMap(element("map", HTMLCanvasElement));
  #seconds = REFRESH_SECONDS;

  /** Players in the world; null while it is unknown. */
  showPopulation(population: number | null): void {
    setText(this.#population, population === null ? "– online" : `${population} online`);
  }

  update(frame: HudFrame, dt: number): void {
    this.feed.advance(dt);
    this.announcements.advance(dt);
    this.#seconds += dt;
    const { session } = frame;
    if (session === null || this.#seconds < REFRESH_SECONDS) return;
    this.#seconds = 0;
    this.#showSelf(session, frame);
    const views = [...frame.bound.values()].map((bound) => bound.view);
    drawBoard(this.#board, rankPlayers(views), frame.colourOf);
    if (session.status === "playing") this.#showPing(session.stats.rttMs);
    if (frame.map === null) return;
    const { width, height } = session.parameters;
    const { map, viewport } = frame;
    this.#map.draw({ map, world: { width, height }, viewport, dots: views.map(dotOf) });
  }

  #showSelf(session: Session, frame: HudFrame): void {
    const { selfState } = session;
    const health = frame.bound.get(session.entityId)?.view.health ?? selfState.health;
    setText(this.#healthText, `${health} / ${HEALTH_MAX}`);
    this.#healthFill.style.transform = `scaleX(${health / HEALTH_MAX})`;
    this.#healthFill.style.background = healthColour(health);
    setText(this.#score, String(selfState.score));
    setText(this.#kills, String(selfState.kills));
    setText(this.#deaths, String(selfState.deaths));
    setText(this.#credits, String(selfState.credits));
    this.#banner.show(session.notice, frame.awayMs);
    const dead = selfState.respawnTick > 0 && session.status === "playing";
    this.#fallen.hidden = !dead;
    if (!dead) return;
    const ticks = selfState.respawnTick - session.stats.serverTick;
    const seconds = Math.max(0, ticks / session.parameters.tickRate);
    setText(this.#fallenText, `Back on your feet in ${Math.ceil(seconds)} s`);
    this.#fallenAction.hidden = selfState.credits === 0 && !frame.returning;
    this.#fallenAction.disabled = frame.returning;
    setText(this.#fallenAction, frame.returning ? "Returning…" : "R · Return now for 1 credit");
  }

  #showPing(rttMs: number): void {
    setText(this.#ping, `${Math.round(rttMs)} ms`);
    this.#ping.style.color = pingColour(rttMs);
  }
}

function dotOf(view: EntityView) {
  return { x: view.x, y: view.y, self: view.self, dead: view.state === "dead" };
}

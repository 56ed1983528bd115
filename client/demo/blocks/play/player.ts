/** The player in front of the page: from keys, mouse and touch to what the hands do. */
import {
  BLOCKS_UNIT,
  Block,
  BlocksKind,
  INTERACT_REACH,
  ITEM_USES,
  isPerson,
  isPlaceable,
  LAYER_ACTIVE,
  LAYERS,
  PICKUP_REACH,
  PLAYER_HEALTH_MAX,
} from "#shared/sim/index.ts";
import type { BlocksPlaceView, BlocksSession } from "../../../sdk/blocks/blocks-session-types.ts";
import { STANDING } from "../../input/direction.ts";
import { BLOCK } from "../scale.ts";
import type { BlocksStage } from "../scene/blocks-stage.ts";
import type { Figure } from "../scene/figures.ts";
import { type AimedBlock, aimAtBlock, aimAtFigure, nearest } from "./aim.ts";
import type { BlocksInput, ScreenPoint } from "./blocks-input.ts";
import { Hands, type HandsParts } from "./hands.ts";
import { HAND_PLACES, type Pockets } from "./pockets.ts";

/** Blocks within which things on the ground are taken without being asked for. */
const TAKE_WITHIN = 1.5;
/** Blocks that one walks away from what one dropped before it may be taken again. */
const LEAVE_WITHIN = 2.6;
const STRIKE_WITHIN = 2;
/** Blocks that one uses, rather than digs, by a click. */
const USABLE: ReadonlySet<number> = new Set([Block.Door, Block.Chest, Block.Portal]);

/** What the page does when the player wants it. */
export interface PlayerWishes {
  readonly openTrader: (entity: number) => void;
  readonly openChest: (place: BlocksPlaceView) => void;
  readonly toggleBag: () => void;
  readonly toggleHelp: () => void;
  readonly closePanels: () => void;
  readonly tell: (text: string) => void;
  readonly onDone: HandsParts["onDone"];
}

export interface PlayerParts {
  readonly stage: BlocksStage;
  readonly input: BlocksInput;
  readonly pockets: Pockets;
  readonly wishes: PlayerWishes;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

export class Player {
  /** Layer in which one digs and builds. */
  layer = LAYER_ACTIVE;
  aimed: AimedBlock | null = null;
  aimedFigure: Figure | null = null;
  hands: Hands | null = null;
  readonly #parts: PlayerParts;
  #session: BlocksSession | null = null;
  #direction = STANDING;
  #left: Spot | null = null;

  constructor(parts: PlayerParts) {
    this.#parts = parts;
  }

  bind(session: BlocksSession): void {
    const { stage, wishes } = this.#parts;
    const { figures } = stage;
    this.#session = session;
    this.#direction = STANDING;
    if (figures === null) return;
    this.hands = new Hands({
      session,
      figures,
      tell: wishes.tell,
      onDone: wishes.onDone,
      onWork: (place, id) => stage.chip(place, id),
    });
  }

  /** The connection was replaced: what is held is told anew. */
  reset(): void {
    this.#direction = STANDING;
  }

  /** Takes a frame's wishes; `acts` is false while the shard is away. */
  update(dt: number, acts: boolean): void {
    const session = this.#session;
    const self = this.#parts.stage.binding.self?.view;
    if (session === null) return;
    this.hands?.advance(dt);
    this.#walk(session);
    this.#choose();
    const at = self === undefined ? null : { x: self.x / BLOCK, y: self.y / BLOCK };
    if (at === null) return;
    const isDead = self?.state === "dead";
    this.#point(session, at, isDead ? null : this.#parts.input.pointer);
    if (!isDead && acts) this.#act(session, at);
    else if (isDead && acts) this.#lie();
  }

  cycleLayer(by: number): void {
    this.layer = (this.layer + by + LAYERS) % LAYERS;
  }

  #walk(session: BlocksSession): void {
    const { directions } = this.#parts.input;
    const wanted = directions.find(({ dx, dy }) => dx !== 0 || dy !== 0) ?? STANDING;
    if (wanted.dx === this.#direction.dx && wanted.dy === this.#direction.dy) return;
    this.#direction = wanted;
    session.setControls(wanted.dx, wanted.dy);
  }

  #choose(): void {
    const { input, pockets, wishes } = this.#parts;
    const { places, layers } = input.takeWheel();
    if (places !== 0) pockets.choose(pockets.place + places);
    if (layers !== 0) this.cycleLayer(Math.sign(layers));
    for (let place = 0; place < HAND_PLACES; place += 1) {
      if (input.keys.take(`place${place}`)) pockets.choose(place);
    }
    if (input.keys.take("layer")) this.cycleLayer(1);
    if (input.keys.take("bag")) wishes.toggleBag();
    if (input.keys.take("help")) wishes.toggleHelp();
    if (input.keys.take("close")) wishes.closePanels();
  }

  /** What was pressed while one lay there is not done once one has risen. */
  #lie(): void {
    const { input } = this.#parts;
    if (input.keys.take("respawn")) this.hands?.respawn();
    for (const key of ["strike", "use", "consume", "wave", "drop"] as const) input.keys.take(key);
    input.takeTap();
    input.takePress();
  }

  #point(session: BlocksSession, at: Spot, pointer: ScreenPoint | null): void {
    const { stage } = this.#parts;
    this.aimed = null;
    this.aimedFigure = null;
    if (pointer !== null) {
      const sight = stage.sightAt(pointer.x, pointer.y);
      this.aimed = aimAtBlock(session.land, sight, { layer: this.layer, from: at });
      this.aimedFigure = aimAtFigure(stage.figures?.all() ?? [], sight);
    }
    const near = this.aimed?.inReach === true ? this.aimed.place : null;
    stage.look(near, this.layer);
  }

  #act(session: BlocksSession, at: Spot): void {
    const { input } = this.#parts;
    const { hands } = this;
    if (hands === null) return;
    const tap = input.takeTap();
    const isPressed = input.takePress();
    if (tap !== null) this.#tapped(session, at, tap);
    else if (isPressed || input.primary) this.#primary(hands, !isPressed);
    if (input.secondary) this.#secondary(session, hands);
    if (input.keys.take("strike") || input.keys.holds("strike")) this.#strikeNearest(hands, at);
    if (input.keys.take("use")) this.#useNearest(session, at);
    if (input.keys.take("consume")) this.#consume(session, hands);
    if (input.keys.take("wave")) session.emote(0);
    if (input.keys.take("drop")) this.dropOne(session, at);
    input.keys.take("respawn");
    this.#gather(hands, at);
  }

  /** A finger says with one touch what the mouse says with two buttons. */
  #tapped(session: BlocksSession, at: Spot, tap: ScreenPoint): void {
    this.#parts.input.pointer = tap;
    this.#point(session, at, tap);
    const { hands, aimed, aimedFigure } = this;
    if (hands === null) return;
    const friendly = aimedFigure !== null && isPerson(aimedFigure.kind);
    const usable = aimed !== null && USABLE.has(aimed.id);
    if (friendly || usable || aimed?.id === Block.Air) this.#secondary(session, hands);
    else this.#primary(hands);
  }

  #primary(hands: Hands, isHeld = false): void {
    const { aimed, aimedFigure } = this;
    if (aimedFigure !== null) {
      if (aimedFigure.kind === BlocksKind.Item) hands.pickUp(aimedFigure.id, false);
      else hands.strike(aimedFigure.id);
    } else if (aimed !== null) hands.dig(aimed, isHeld);
  }

  #secondary(session: BlocksSession, hands: Hands): void {
    const { aimed, aimedFigure } = this;
    const { pockets, input } = this.#parts;
    if (aimedFigure !== null && isPerson(aimedFigure.kind)) {
      input.secondary = false;
      this.#talkTo(hands, aimedFigure);
      return;
    }
    if (aimed === null) return;
    if (USABLE.has(aimed.id)) {
      input.secondary = false;
      this.#useBlock(hands, aimed);
      return;
    }
    const { item, count, slot } = pockets.inHand(session.selfState.inventory);
    if (count === 0) return;
    if (isPlaceable(item)) hands.build(aimed, slot, item);
    else if (ITEM_USES.get(item)?.target === "self") hands.useOnSelf(slot);
    else if (ITEM_USES.has(item)) hands.useOn(aimed, slot);
  }

  #talkTo(hands: Hands, figure: Figure): void {
    hands.interactWith(figure.id);
    if (figure.kind === BlocksKind.Trader) this.#parts.wishes.openTrader(figure.id);
  }

  #useBlock(hands: Hands, { place, id }: AimedBlock): void {
    hands.interactAt(place);
    if (id === Block.Chest) this.#parts.wishes.openChest(place);
  }

  #strikeNearest(hands: Hands, at: Spot): void {
    const { figures } = this.#parts.stage;
    const target = nearest(figures?.all() ?? [], at, {
      within: STRIKE_WITHIN,
      is: ({ kind }) => kind !== BlocksKind.Item,
    });
    if (target !== null) hands.strike(target.id);
    else if (this.aimed !== null) hands.dig(this.aimed);
  }

  /** Talks to whoever is near, else opens the nearest door or chest. */
  #useNearest(session: BlocksSession, at: Spot): void {
    const { hands } = this;
    if (hands === null) return;
    const within = INTERACT_REACH / BLOCKS_UNIT;
    const person = nearest(this.#parts.stage.figures?.all() ?? [], at, {
      within,
      is: ({ kind }) => isPerson(kind),
    });
    const block = this.#usableNear(session, at, within);
    if (block !== null && (person === null || block.away < 1.6)) this.#useBlock(hands, block);
    else if (person !== null) this.#talkTo(hands, person);
    else this.#parts.wishes.tell("Nobody to talk to and nothing to open here");
  }

  #usableNear(session: BlocksSession, at: Spot, within: number) {
    let best: (AimedBlock & { away: number }) | null = null;
    for (let down = -3; down <= 3; down += 1) {
      for (let right = -3; right <= 3; right += 1) {
        const place = { x: Math.floor(at.x) + right, y: Math.floor(at.y) + down, layer: 1 };
        const block = session.land.block(place.x, place.y, place.layer);
        if (block === null || !USABLE.has(block.id)) continue;
        const away = Math.hypot(place.x + 0.5 - at.x, place.y + 0.5 - at.y);
        if (away > within || away >= (best?.away ?? Number.POSITIVE_INFINITY)) continue;
        best = { place, ...block, inReach: true, away };
      }
    }
    return best;
  }

  #consume(session: BlocksSession, hands: Hands): void {
    const { inventory } = session.selfState;
    const inHand = this.#parts.pockets.inHand(inventory);
    const heals = (item: number) => ITEM_USES.get(item)?.target === "self";
    const slot = heals(inHand.item)
      ? inHand.slot
      : inventory.findIndex(({ item, count }) => count > 0 && heals(item));
    if (session.selfState.health >= PLAYER_HEALTH_MAX) this.#parts.wishes.tell("You are unhurt");
    else if (slot === -1) this.#parts.wishes.tell("Nothing to eat or drink");
    else hands.useOnSelf(slot);
  }

  /** Puts one of what is in the hand down where one stands. */
  dropOne(session: BlocksSession, at: Spot): void {
    const { count, slot } = this.#parts.pockets.inHand(session.selfState.inventory);
    if (count > 0) this.drop(slot, 1, at);
  }

  drop(slot: number, count: number, at: Spot): void {
    this.#left = at;
    this.hands?.drop(slot, count, at);
  }

  /** Takes what lies about, but for what one has just put down. */
  #gather(hands: Hands, at: Spot): void {
    const left = this.#left;
    if (left !== null && Math.hypot(left.x - at.x, left.y - at.y) > LEAVE_WITHIN) this.#left = null;
    if (this.#left !== null) return;
    const found = nearest(this.#parts.stage.figures?.all() ?? [], at, {
      within: Math.min(TAKE_WITHIN, PICKUP_REACH / BLOCKS_UNIT),
      is: ({ kind }) => kind === BlocksKind.Item,
    });
    if (found !== null) hands.pickUp(found.id, true);
  }
}

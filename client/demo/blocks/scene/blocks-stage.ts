/** The scene of a world of blocks: camera, land, people, animals and effects, frame by frame. */
import type { AppBase, Entity } from "../../../playcanvas/engine.ts";
import {
  type BoundEntity,
  DebugOverlay,
  NameLabels,
  ScreenOverlay,
  SessionBinding,
} from "../../../playcanvas/index.ts";
import type { BlocksPlaceView, BlocksSession } from "../../../sdk/blocks/blocks-session-types.ts";
import type { EntityView } from "../../../sdk/session-types.ts";
import { Batch } from "../../scene/batch.ts";
import { Bubbles } from "../../scene/bubbles.ts";
import { type CameraView, cameraView, ELEVATION, isVisible } from "../../scene/camera-rig.ts";
import { Crowd } from "../../scene/crowd.ts";
import { DECAL, Effects } from "../../scene/effects.ts";
import {
  addScript,
  aimCamera,
  createCamera,
  createChild,
  rendererOf,
  startEngine,
} from "../../scene/engine-setup.ts";
import { createMaterials } from "../../scene/materials.ts";
import { createSequence, hashText } from "../../scene/noise.ts";
import { Quality } from "../../scene/quality.ts";
import { flat, TINTED } from "../../scene/shapes.ts";
import { createPlacement, createTransform, place } from "../../scene/transform.ts";
import { WoundNumbers } from "../../scene/wound-numbers.ts";
import { surfaceOf } from "../land/block-look.ts";
import { LandView } from "../land/land-view.ts";
import { BLOCK, EAVES_HEIGHT, WALL_HEIGHT } from "../scale.ts";
import { Figures, GHOST_ALPHA } from "./figures.ts";
import { folkLook, isFolk, nameColour } from "./folk-look.ts";
import { Herd } from "./herd.ts";
import { Loot } from "./loot.ts";
import { Roofs } from "./roofs.ts";
import { type SightLine, sightLine } from "./sight-line.ts";

/** Units: the square root of the area seen around the player. */
const SIGHT = 600;
/** Scene units from the ground to the upper side of a layer's blocks. */
const TOPS = [0, WALL_HEIGHT, EAVES_HEIGHT] as const;
/** Scene units above the ground at which a layer's blocks are worked on. */
const CHIP_HEIGHTS = [2, 24, 44] as const;
const PIXELS_MAX = 4_000_000;
/** Units around a figure's place within which there is something of it. */
const FIGURE_MARGIN = 70;
const FALLEN_ALPHA = 0.7;
const FOLLOW_RATE = 12;
/** Units beyond which the camera jumps instead of gliding: a return to the spawn point. */
const FOLLOW_MAX = 320;

/** The page's parts that the stage draws on. */
export interface StageElements {
  readonly scene: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly debug: HTMLElement;
}

export interface StageOptions {
  readonly reducedMotion: boolean;
  readonly fullQuality: boolean;
}

/** Owns the scene from the first frame to the last. */
export class BlocksStage {
  readonly binding: SessionBinding;
  readonly overlay: ScreenOverlay;
  readonly debug: DebugOverlay;
  readonly effects = new Effects(createSequence(hashText("blocks")));
  readonly land: LandView;
  readonly #app: AppBase;
  readonly #camera: Entity;
  readonly #materials = createMaterials();
  readonly #numbers = new WoundNumbers();
  readonly #bubbles = new Bubbles();
  readonly #crowd: Crowd;
  readonly #herd: Herd;
  readonly #loot: Loot;
  readonly #roofs = new Roofs();
  readonly #decals: Batch;
  readonly #quality: Quality;
  readonly #moving: boolean;
  readonly #placement = createPlacement();
  readonly #transform = createTransform();
  #figures: Figures | null = null;
  #session: BlocksSession | null = null;
  #view: CameraView = cameraView(1, SIGHT);
  #x = 0;
  #y = 0;
  #seconds = 0;
  /** Called once a frame, after everything has moved. */
  onFrame: (dt: number) => void = () => undefined;
  /** Called once a frame to draw over the scene, under names and bubbles. */
  onDraw: (overlay: ScreenOverlay) => void = () => undefined;

  /** Starts the engine and shows nothing yet. */
  static async start(elements: StageElements, options: StageOptions): Promise<BlocksStage> {
    const app = await startEngine(elements.scene);
    const stage = new BlocksStage(app, elements, options);
    app.start();
    return stage;
  }

  private constructor(app: AppBase, elements: StageElements, options: StageOptions) {
    this.#app = app;
    this.#moving = !options.reducedMotion;
    this.#quality = new Quality(rendererOf(app), options.fullQuality);
    this.#camera = createCamera(app);
    const device = app.graphicsDevice;
    this.land = new LandView(createChild(app.root, "land"), device);
    const parts = {
      materials: this.#materials,
      createChild: (name: string) => createChild(app.root, name),
    };
    this.#crowd = new Crowd(device, {
      ...parts,
      effects: this.effects,
      lookOf: (view) => {
        const figure = this.figure(view.id);
        return isFolk(figure) ? folkLook(view, figure) : null;
      },
      alphaOf: (id) => (this.figure(id)?.ghost === true ? GHOST_ALPHA : 1),
      // Here one lies until one wants to rise.
      fallenAlpha: FALLEN_ALPHA,
    });
    this.#herd = new Herd(device, parts);
    this.#loot = new Loot(device, parts);
    this.#decals = createDecals(app, this.#materials.decal);
    this.overlay = new ScreenOverlay(elements.overlay, this.#camera);
    const figures = createChild(app.root, "figures");
    this.binding = addScript(figures, SessionBinding, {});
    this.debug = this.#addOverlays(figures, elements);
    this.binding.on("remove", ({ id }: BoundEntity) => {
      this.#crowd.forget(id);
      this.#herd.forget(id);
    });
    this.binding.on("rebase", () => this.effects.clear());
    app.on("update", (dt: number) => this.#update(dt));
  }

  #addOverlays(figures: Entity, elements: StageElements): DebugOverlay {
    const { binding, overlay } = this;
    const colourOf = (view: EntityView) => nameColour(this.figure(view.id));
    const labels = addScript(figures, NameLabels, { binding, overlay, colourOf });
    labels.on("draw", () => {
      this.onDraw(overlay);
      this.#bubbles.draw(overlay, binding.bound);
      this.#numbers.draw(overlay, this.effects.numbers);
    });
    return addScript(figures, DebugOverlay, {
      binding,
      labels,
      unit: { name: "blocks", size: BLOCK },
      panel: elements.debug,
      keys: window,
    });
  }

  /** Blocks of the world that the camera shows around the player. */
  get viewport(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#view.viewport;
    return { width: Math.ceil(width / BLOCK) + 2, height: Math.ceil(height / BLOCK) + 2 };
  }

  /** Somebody or something in sight. */
  figure(id: number) {
    return this.#figures?.get(id);
  }

  get figures(): Figures | null {
    return this.#figures;
  }

  /** Follows the own player of this session from now on. */
  bind(session: BlocksSession): void {
    this.#session = session;
    this.#figures = new Figures(session);
    this.binding.bind(this.#figures);
    this.debug.watch(session);
    this.land.bind(session);
  }

  /** Shows what somebody in sight says, over the head. */
  say(entityId: number, text: string): void {
    this.#bubbles.add(entityId, text, this.overlay);
  }

  /** Shows that somebody was struck. */
  strike(target: number, damage: number): void {
    const bound = this.binding.bound.get(target);
    if (bound === undefined) return;
    const { x, z } = bound.entity.getLocalPosition();
    this.effects.hit(x, z, { damage, mine: bound.view.self });
    this.#crowd.strike(target);
    this.#herd.strike(target);
  }

  /** Shows that the own player got health back. */
  heal(health: number): void {
    const self = this.binding.self;
    if (self === null) return;
    const { x, z } = self.entity.getLocalPosition();
    this.effects.heal(x, z, health);
  }

  /** Chips fly where a block is worked on. */
  chip({ x, y, layer }: BlocksPlaceView, id: number): void {
    const { origin } = this.binding;
    const at = {
      x: origin.sceneX((x + 0.5) * BLOCK),
      y: CHIP_HEIGHTS[layer] ?? 0,
      z: origin.sceneZ((y + 0.5) * BLOCK),
    };
    this.effects.chip(at, surfaceOf(id).colour);
  }

  /** Where in the window the middle of a block's upper side is, in CSS pixels. */
  screenOf({ x, y, layer }: BlocksPlaceView): { x: number; y: number } {
    const { origin } = this.binding;
    const sceneX = origin.sceneX((x + 0.5) * BLOCK);
    const sceneZ = origin.sceneZ((y + 0.5) * BLOCK);
    const point = this.overlay.project(sceneX, TOPS[layer] ?? 0, sceneZ);
    return { x: point.x, y: point.y };
  }

  /** What lies along the line of sight through a point of the window. */
  sightAt(screenX: number, screenY: number): SightLine {
    const { width, height } = this.overlay;
    const point = {
      x: (screenX / width) * 2 - 1,
      y: 1 - (screenY / height) * 2,
      aspect: width / height,
    };
    return sightLine({ x: this.#x, y: this.#y, distance: this.#view.distance }, point);
  }

  /** Fades ceilings for somebody who points at a block and works in a layer. */
  look(pointed: { readonly x: number; readonly y: number } | null, layer: number): void {
    this.#roofs.look(pointed, layer);
  }

  /** Fits the scene to the window. */
  resize(width: number, height: number, devicePixelRatio: number): void {
    this.#view = cameraView(width / height, SIGHT);
    this.overlay.resize(width, height, devicePixelRatio);
    const full = Math.min(devicePixelRatio, 2);
    const ratio =
      Math.min(full, Math.sqrt(PIXELS_MAX / (width * height))) * this.#quality.level.scale;
    this.#app.graphicsDevice.setResolution(Math.round(width * ratio), Math.round(height * ratio));
    this.#crowd.detail = this.#quality.level.detail;
  }

  #update(dt: number): void {
    const { overlay } = this;
    if (this.#quality.add(dt)) this.resize(overlay.width, overlay.height, devicePixelRatio);
    if (this.#moving) this.#seconds += dt;
    this.#figures?.advance(dt);
    this.#followSelf(dt);
    const { origin } = this.binding;
    aimCamera(this.#camera, origin.sceneX(this.#x), origin.sceneZ(this.#y), this.#view.distance);
    this.#materials.solid.setParameter("uTime", this.#seconds);
    this.#materials.shadow.setParameter("uTime", this.#seconds);
    this.#updateLand(dt);
    this.#decals.clear();
    this.effects.advance(dt);
    this.#bubbles.advance(dt);
    const inPicture = (view: EntityView) => this.#shows(view);
    this.#crowd.update(this.binding, dt, inPicture);
    const figures = this.#figures;
    if (figures !== null) {
      this.#herd.update(this.binding, { figures, dt }, inPicture);
      this.#loot.update(this.binding, { figures, dt }, inPicture);
    }
    this.#markSelf(dt);
    this.effects.draw(this.#decals, Math.PI / 2 - ELEVATION);
    this.#decals.flush();
    this.onFrame(dt);
  }

  #updateLand(dt: number): void {
    const { origin } = this.binding;
    const { materials } = this.land;
    const middle = { x: this.#x / BLOCK, y: this.#y / BLOCK };
    this.land.update(origin, middle);
    materials.update(this.#seconds, origin);
    if (this.#session === null) return;
    const self = this.binding.self?.view;
    const at = self === undefined ? middle : { x: self.x / BLOCK, y: self.y / BLOCK };
    materials.open(this.#roofs.openings(this.#session.land, { at, origin, dt }));
  }

  #followSelf(dt: number): void {
    const self = this.binding.self?.view;
    if (self === undefined) return;
    const far = Math.hypot(self.x - this.#x, self.y - this.#y) > FOLLOW_MAX;
    const part = far ? 1 : 1 - Math.exp(-dt * FOLLOW_RATE);
    this.#x += (self.x - this.#x) * part;
    this.#y += (self.y - this.#y) * part;
  }

  /** Whether anything of somebody is in the picture. */
  #shows({ x, y }: EntityView): boolean {
    return isVisible(this.#view.ground, x - this.#x, y - this.#y, FIGURE_MARGIN);
  }

  #markSelf(dt: number): void {
    const self = this.binding.self;
    if (self === null || self.view.state === "dead") return;
    const { x, z } = self.entity.getLocalPosition();
    Object.assign(this.#placement, { x, y: 0.8, z, scale: 17 + Math.sin(this.#seconds * 3) });
    this.#placement.turnY += this.#moving ? dt * 0.5 : 0;
    this.#decals.add(place(this.#transform, this.#placement), {
      colour: [1, 0.87, 0.42],
      extra: [0.75, DECAL.marker, 0, 0],
    });
  }
}

function createDecals(app: AppBase, material: ReturnType<typeof createMaterials>["decal"]): Batch {
  const corners = [
    [-1, 0, -1],
    [-1, 0, 1],
    [1, 0, 1],
    [1, 0, -1],
  ] as const;
  const parent = createChild(app.root, "decals");
  return new Batch(parent, app.graphicsDevice, {
    shape: flat(corners, TINTED),
    materials: [material],
    drawOrder: 10,
  });
}

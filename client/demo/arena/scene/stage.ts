/** The scene: camera, ground, scenery, players and effects, frame by frame. */
import type { AppBase, Entity, ShaderMaterial } from "../../../playcanvas/engine.ts";
import {
  type BoundEntity,
  DebugOverlay,
  NameLabels,
  ScreenOverlay,
  SessionBinding,
} from "../../../playcanvas/index.ts";
import type { ArenaSessionEvent, EntityView, Session } from "../../../sdk/session-types.ts";
import { Batch } from "../../scene/batch.ts";
import { Bubbles } from "../../scene/bubbles.ts";
import {
  type CameraView,
  cameraView,
  ELEVATION,
  groundOffset,
  isVisible,
} from "../../scene/camera-rig.ts";
import type { Rgb } from "../../scene/character-look.ts";
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
import type { GroundMap } from "./ground-map.ts";
import { type StageWorld, Surroundings } from "./surroundings.ts";

/** Pixels of the scene at most; a 4K window is drawn a little coarser. */
const PIXELS_MAX = 4_000_000;
/** Units around a figure's place within which there is something of it: its height, its shadow. */
const FIGURE_MARGIN = 70;
/** How fast the camera catches up, per second. */
const FOLLOW_RATE = 11;
/** Units beyond which the camera jumps instead of gliding: a respawn. */
const FOLLOW_MAX = 260;

/** The page's parts that the stage draws on. */
export interface StageElements {
  readonly scene: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly debug: HTMLElement;
}

/** How a stage starts. */
export interface StageOptions {
  readonly reducedMotion: boolean;
  /** Draws everything, however slow the machine. */
  readonly fullQuality: boolean;
  /** Shown until a session says otherwise. */
  readonly world: StageWorld;
}

/** Owns the scene from the first frame to the last. */
export class Stage {
  readonly binding: SessionBinding;
  readonly overlay: ScreenOverlay;
  readonly debug: DebugOverlay;
  readonly #app: AppBase;
  readonly #camera: Entity;
  readonly #materials = createMaterials();
  readonly #effects = new Effects(createSequence(hashText("effects")));
  readonly #numbers = new WoundNumbers();
  readonly #bubbles = new Bubbles();
  readonly #crowd: Crowd;
  readonly #decals: Batch;
  readonly #quality: Quality;
  readonly #moving: boolean;
  readonly #placement = createPlacement();
  readonly #transform = createTransform();
  #surroundings: Surroundings | null = null;
  #view: CameraView = cameraView(1);
  #x = 0;
  #y = 0;
  #seconds = 0;
  #unbind: () => void = () => undefined;
  /** Called once a frame, after everything has moved. */
  onFrame: (dt: number) => void = () => undefined;

  /** Starts the engine and shows an empty world. */
  static async start(elements: StageElements, options: StageOptions): Promise<Stage> {
    const app = await startEngine(elements.scene);
    const stage = new Stage(app, elements, options);
    stage.show(options.world);
    app.start();
    return stage;
  }

  private constructor(app: AppBase, elements: StageElements, options: StageOptions) {
    this.#app = app;
    this.#moving = !options.reducedMotion;
    this.#quality = new Quality(rendererOf(app), options.fullQuality);
    this.#camera = createCamera(app);
    this.#crowd = new Crowd(app.graphicsDevice, {
      materials: this.#materials,
      effects: this.#effects,
      createChild: (name) => createChild(app.root, name),
    });
    this.#decals = createDecals(app, this.#materials.decal);
    this.overlay = new ScreenOverlay(elements.overlay, this.#camera);
    const players = createChild(app.root, "players");
    this.binding = addScript(players, SessionBinding, {});
    const { binding, overlay } = this;
    const labels = addScript(players, NameLabels, { binding, overlay });
    const panel = elements.debug;
    this.debug = addScript(players, DebugOverlay, { binding, labels, panel, keys: window });
    labels.on("draw", () => {
      this.#bubbles.draw(overlay, binding.bound);
      this.#numbers.draw(overlay, this.#effects.numbers);
    });
    binding.on("remove", (bound: BoundEntity) => this.#crowd.forget(bound.id));
    binding.on("rebase", () => this.#onRebase());
    app.on("update", (dt: number) => this.#update(dt));
  }

  /** Units of the world that the camera shows around the player. */
  get viewport(): { readonly width: number; readonly height: number } {
    return this.#view.viewport;
  }

  /** The land of the world that is shown. */
  get map(): GroundMap | null {
    return this.#surroundings?.map ?? null;
  }

  /** Paints this world, unless it is the one that is shown. */
  show(world: StageWorld): void {
    const shown = this.#surroundings?.world;
    const { width, height, seed } = world;
    if (shown?.width === width && shown.height === height && shown.seed === seed) return;
    this.#surroundings?.destroy();
    this.#surroundings = new Surroundings(this.#app, { width, height, seed }, this.#materials);
    this.#x = width / 2;
    this.#y = height / 2;
    this.binding.origin.follow(this.#x, this.#y);
  }

  /** Follows the own player of this session from now on. */
  bind(session: Session): void {
    this.#unbind();
    this.show(session.parameters);
    this.binding.bind(session);
    this.debug.watch(session);
    this.#unbind = session.on("event", (event) => this.#onEvent(event));
  }

  /** Shows what somebody in sight says, over the head. */
  say(entityId: number, text: string): void {
    this.#bubbles.add(entityId, text, this.overlay);
  }

  /** The player's look, for the page around the scene. */
  colourOf(id: number): Rgb {
    return this.#crowd.lookOf(id)?.colour ?? [1, 1, 1];
  }

  /** Where on the ground a point of the window lies, relative to the own player; units. */
  groundAt(screenX: number, screenY: number): { x: number; y: number } {
    const { width, height } = this.overlay;
    const from = groundOffset(this.#view.distance, {
      x: (screenX / width) * 2 - 1,
      y: 1 - (screenY / height) * 2,
      aspect: width / height,
    });
    const self = this.binding.self?.view;
    return {
      x: this.#x + from.x - (self?.x ?? this.#x),
      y: this.#y + from.y - (self?.y ?? this.#y),
    };
  }

  /** Fits the scene to the window. */
  resize(width: number, height: number, devicePixelRatio: number): void {
    this.#view = cameraView(width / height);
    this.overlay.resize(width, height, devicePixelRatio);
    const full = Math.min(devicePixelRatio, 2);
    const ratio =
      Math.min(full, Math.sqrt(PIXELS_MAX / (width * height))) * this.#quality.level.scale;
    this.#app.graphicsDevice.setResolution(Math.round(width * ratio), Math.round(height * ratio));
    this.#surroundings?.scenery.reset();
    this.#crowd.detail = this.#quality.level.detail;
  }

  #update(dt: number): void {
    if (this.#quality.add(dt)) this.#resizeAgain();
    if (this.#moving) this.#seconds += dt;
    this.#followSelf(dt);
    const { origin } = this.binding;
    const { distance, ground } = this.#view;
    aimCamera(this.#camera, origin.sceneX(this.#x), origin.sceneZ(this.#y), distance);
    this.#materials.solid.setParameter("uTime", this.#seconds);
    this.#materials.shadow.setParameter("uTime", this.#seconds);
    const centre = { x: this.#x, y: this.#y };
    this.#surroundings?.update(origin, {
      centre,
      ground,
      seconds: this.#seconds,
      plants: this.#quality.level.plants,
    });
    this.#decals.clear();
    this.#effects.advance(dt);
    this.#bubbles.advance(dt);
    this.#crowd.update(this.binding, dt, (view) => this.#shows(view));
    this.#markSelf(dt);
    this.#effects.draw(this.#decals, Math.PI / 2 - ELEVATION);
    this.#decals.flush();
    this.onFrame(dt);
  }

  /** Fits the scene to the window once more, after the resolution has changed. */
  #resizeAgain(): void {
    this.resize(this.overlay.width, this.overlay.height, window.devicePixelRatio);
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
    this.#placement.x = x;
    this.#placement.y = 0.8;
    this.#placement.z = z;
    this.#placement.scale = 19 + Math.sin(this.#seconds * 3);
    this.#placement.turnY += this.#moving ? dt * 0.5 : 0;
    this.#decals.add(place(this.#transform, this.#placement), {
      colour: [1, 0.87, 0.42],
      extra: [0.95, DECAL.marker, 0, 0],
    });
  }

  #onEvent(event: ArenaSessionEvent): void {
    if (event.type !== "hit") return;
    const target = this.binding.bound.get(event.target);
    if (target === undefined || !this.#shows(target.view)) return;
    const { x, z } = target.entity.getLocalPosition();
    this.#effects.hit(x, z, { damage: event.damage, mine: target.view.self });
    this.#crowd.strike(event.target);
  }

  #onRebase(): void {
    this.#effects.clear();
    this.#surroundings?.scenery.reset();
  }
}

function createDecals(app: AppBase, material: ShaderMaterial): Batch {
  const corners = [
    [-1, 0, -1],
    [-1, 0, 1],
    [1, 0, 1],
    [1, 0, -1],
  ] as const;
  const shape = flat(corners, TINTED);
  const parent = createChild(app.root, "decals");
  // After the shadows, which lie below.
  return new Batch(parent, app.graphicsDevice, {
    shape,
    materials: [material],
    drawOrder: 10,
  });
}

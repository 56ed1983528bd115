import { type Entity, Vec3 } from "./engine.ts";

/** Device pixels for each CSS pixel at most; more costs and shows nothing. */
const PIXEL_RATIO_MAX = 2;

/** A 2-D canvas over the scene, for what must be crisp: names, bars, numbers. */
export class ScreenOverlay {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly #camera: Entity;
  readonly #world = new Vec3();
  readonly #screen = new Vec3();
  #width = 0;
  #height = 0;
  #pixelRatio = 1;

  constructor(canvas: HTMLCanvasElement, camera: Entity) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("cannot draw names: the browser has no 2-D canvas");
    this.canvas = canvas;
    this.context = context;
    this.#camera = camera;
  }

  /** CSS pixels. */
  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  get pixelRatio(): number {
    return this.#pixelRatio;
  }

  /** Fits the canvas to the window. */
  resize(width: number, height: number, devicePixelRatio: number): void {
    this.#pixelRatio = Math.min(PIXEL_RATIO_MAX, devicePixelRatio);
    this.#width = width;
    this.#height = height;
    this.canvas.width = Math.round(width * this.#pixelRatio);
    this.canvas.height = Math.round(height * this.#pixelRatio);
  }

  /** Clears the last frame; CSS pixels are the unit from then on. */
  begin(): void {
    const { context, canvas } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(this.#pixelRatio, 0, 0, this.#pixelRatio, 0, 0);
  }

  /** Scene point to CSS pixels; the result is reused. Negative z is behind the camera. */
  project(x: number, y: number, z: number): { x: number; y: number; z: number } {
    this.#world.set(x, y, z);
    this.#camera.camera?.worldToScreen(this.#world, this.#screen);
    return this.#screen;
  }

  /** Whether a point lies on the overlay or within `margin` CSS pixels of it. */
  shows(x: number, y: number, margin: number): boolean {
    return x > -margin && y > -margin && x < this.#width + margin && y < this.#height + margin;
  }
}

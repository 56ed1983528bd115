/** Names drawn once each: outlined text is slow, copying a picture of it is not. */

const FONT = "600 13px system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const HEIGHT = 20;
const PADDING = 6;
/** Pictures kept; the one that was used longest ago goes first. */
const SPRITES_MAX = 512;

interface LabelSprite {
  readonly picture: HTMLCanvasElement;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Pictures of names in a colour, for one pixel ratio. */
export class LabelSprites {
  readonly #sprites = new Map<string, LabelSprite>();
  readonly #createCanvas: () => HTMLCanvasElement;
  #pixelRatio = 1;

  constructor(createCanvas: () => HTMLCanvasElement) {
    this.#createCanvas = createCanvas;
  }

  get size(): number {
    return this.#sprites.size;
  }

  get(text: string, colour: string, pixelRatio: number): LabelSprite {
    if (pixelRatio !== this.#pixelRatio) {
      this.#sprites.clear();
      this.#pixelRatio = pixelRatio;
    }
    const key = `${colour} ${text}`;
    const known = this.#sprites.get(key);
    const sprite = known ?? this.#draw(text, colour);
    if (known !== undefined) this.#sprites.delete(key);
    this.#sprites.set(key, sprite);
    this.#forgetOldest();
    return sprite;
  }

  #forgetOldest(): void {
    if (this.#sprites.size <= SPRITES_MAX) return;
    for (const oldest of this.#sprites.keys()) {
      this.#sprites.delete(oldest);
      return;
    }
  }

  #draw(text: string, colour: string): LabelSprite {
    const picture = this.#createCanvas();
    const context = picture.getContext("2d");
    if (context === null) return { picture, width: 0, height: 0 };
    context.font = FONT;
    const width = Math.ceil(context.measureText(text).width) + PADDING * 2;
    picture.width = Math.ceil(width * this.#pixelRatio);
    picture.height = Math.ceil(HEIGHT * this.#pixelRatio);
    context.scale(this.#pixelRatio, this.#pixelRatio);
    context.font = FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = "rgba(10, 18, 24, 0.85)";
    context.strokeText(text, width / 2, HEIGHT / 2);
    context.fillStyle = colour;
    context.fillText(text, width / 2, HEIGHT / 2);
    return { picture, width, height: HEIGHT };
  }
}

/** Names drawn once each: outlined text is slow, copying a picture of it is not. */

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
/** Parts of the letters' size. */
const HEIGHT = 1.55;
const PADDING = 6;
/** Pictures kept; the one that was used longest ago goes first. */
const SPRITES_MAX = 512;

interface LabelSprite {
  readonly picture: HTMLCanvasElement;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** How sharp and how large names are, in CSS pixels. */
export interface LabelScale {
  readonly pixelRatio: number;
  readonly fontSize: number;
}

/** Pictures of names in a colour, for one scale. */
export class LabelSprites {
  readonly #sprites = new Map<string, LabelSprite>();
  readonly #createCanvas: () => HTMLCanvasElement;
  #pixelRatio = 1;
  #fontSize = 13;

  constructor(createCanvas: () => HTMLCanvasElement) {
    this.#createCanvas = createCanvas;
  }

  get size(): number {
    return this.#sprites.size;
  }

  get(text: string, colour: string, scale: LabelScale): LabelSprite {
    if (scale.pixelRatio !== this.#pixelRatio || scale.fontSize !== this.#fontSize) {
      this.#sprites.clear();
      this.#pixelRatio = scale.pixelRatio;
      this.#fontSize = scale.fontSize;
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
    const font = `600 ${this.#fontSize}px ${FONT}`;
    const height = Math.ceil(this.#fontSize * HEIGHT);
    context.font = font;
    const width = Math.ceil(context.measureText(text).width) + PADDING * 2;
    picture.width = Math.ceil(width * this.#pixelRatio);
    picture.height = Math.ceil(height * this.#pixelRatio);
    context.scale(this.#pixelRatio, this.#pixelRatio);
    context.font = font;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = "rgba(10, 18, 24, 0.85)";
    context.strokeText(text, width / 2, height / 2);
    context.fillStyle = colour;
    context.fillText(text, width / 2, height / 2);
    return { picture, width, height };
  }
}

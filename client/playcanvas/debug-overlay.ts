import { ByteRate, type DebuggedSession, debugLines, type LengthUnit } from "./debug-lines.ts";
import { Script } from "./engine.ts";
import type { NameLabels } from "./name-labels.ts";
import type { ScreenOverlay } from "./screen-overlay.ts";
import type { SessionBinding } from "./session-binding.ts";

/** Seconds between two refreshes of the text. */
const REFRESH_SECONDS = 0.1;
/** Part of a new frame's time in the smoothed frame rate. */
const FRAME_WEIGHT = 0.05;

/** Shows what the network does, and where the shard last saw the own player. F3 toggles it. */
export class DebugOverlay extends Script {
  static override scriptName = "debugOverlay";

  session: DebuggedSession | null = null;
  binding: SessionBinding | null = null;
  labels: NameLabels | null = null;
  /** In which lengths are told. */
  unit: LengthUnit = { name: "units", size: 1 };
  /** Receives the text. */
  panel: HTMLElement | null = null;
  /** Where F3 is listened for; the page's window. */
  keys: EventTarget | null = null;
  #rate = new ByteRate();
  #seconds = 0;
  #refreshedSeconds = -1;
  #frameSeconds = 1 / 60;

  initialize(): void {
    const toggle = (event: Event) => this.#onKey(event);
    this.keys?.addEventListener("keydown", toggle);
    this.labels?.on("draw", this.#drawGhost, this);
    this.app.on("frameupdate", this.#measureFrame, this);
    this.once("destroy", () => {
      this.keys?.removeEventListener("keydown", toggle);
      this.labels?.off("draw", this.#drawGhost, this);
      this.app.off("frameupdate", this.#measureFrame, this);
    });
  }

  get open(): boolean {
    return this.panel !== null && !this.panel.hidden;
  }

  /** Measures from the new session on. */
  watch(session: DebuggedSession | null): void {
    this.session = session;
    this.#rate = new ByteRate();
  }

  get framesPerSecond(): number {
    return 1 / this.#frameSeconds;
  }

  update(dt: number): void {
    this.#seconds += dt;
    if (this.session === null || this.#seconds - this.#refreshedSeconds < REFRESH_SECONDS) return;
    this.#refreshedSeconds = this.#seconds;
    const { bytesIn, bytesOut } = this.session.stats;
    this.#rate.add(this.#seconds, bytesIn, bytesOut);
    if (this.panel === null || this.panel.hidden) return;
    this.panel.textContent = debugLines(this.session, {
      framesPerSecond: this.framesPerSecond,
      entities: this.binding?.bound.size ?? 0,
      ghostUnits: this.#ghostUnits(),
      rate: this.#rate,
      unit: this.unit,
    }).join("\n");
  }

  /** By the time that has really passed: the engine's `dt` never says more than a tenth second. */
  #measureFrame(ms: number): void {
    if (ms > 0) this.#frameSeconds += (ms / 1_000 - this.#frameSeconds) * FRAME_WEIGHT;
  }

  #onKey(event: Event): void {
    if (!("code" in event) || event.code !== "F3" || this.panel === null) return;
    event.preventDefault();
    this.panel.hidden = !this.panel.hidden;
  }

  #ghostUnits(): number | null {
    const view = this.binding?.self?.view;
    if (view?.serverX === undefined || view.serverY === undefined) return null;
    const dx = view.serverX - view.x;
    const dy = view.serverY - view.y;
    return Math.sqrt(dx * dx + dy * dy);
  }

  #drawGhost(overlay: ScreenOverlay): void {
    const view = this.binding?.self?.view;
    if (!this.open || this.binding === null) return;
    if (view?.serverX === undefined || view.serverY === undefined) return;
    const { origin } = this.binding;
    const x = origin.sceneX(view.serverX);
    const z = origin.sceneZ(view.serverY);
    const { context } = overlay;
    const foot = overlay.project(x, 0, z);
    const footX = foot.x;
    const footY = foot.y;
    const head = overlay.project(x, 44, z);
    context.strokeStyle = "#ff5cf4";
    context.lineWidth = 2;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.ellipse(footX, footY, 18, 12, 0, 0, Math.PI * 2);
    context.moveTo(footX, footY);
    context.lineTo(head.x, head.y);
    context.stroke();
    context.setLineDash([]);
  }
}

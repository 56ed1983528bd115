/** PlayCanvas without a screen, and sessions that say what a test tells them. */
import type { ArenaView, EntityView, SessionStatus } from "../../sdk/session-types.ts";
import {
  AppBase,
  AppOptions,
  CameraComponentSystem,
  NullGraphicsDevice,
  RenderComponentSystem,
  ScriptComponentSystem,
} from "../engine.ts";
import { headlessCanvas } from "./unsafe.ts";

/** An application that draws nothing; dispose of it at the end. */
export function createHeadlessApp(): AppBase & Disposable {
  const canvas = headlessCanvas();
  const options = new AppOptions();
  options.graphicsDevice = new NullGraphicsDevice(canvas);
  options.componentSystems = [RenderComponentSystem, CameraComponentSystem, ScriptComponentSystem];
  const app = new AppBase(canvas);
  app.init(options);
  return Object.assign(app, { [Symbol.dispose]: () => app.destroy() });
}

/** A view with defaults. */
export function entityView(view: Partial<EntityView> & { id: number }): EntityView {
  return {
    name: `Player ${view.id}`,
    x: 0,
    y: 0,
    dx: 0,
    dy: 0,
    facingRight: true,
    state: "idle",
    health: 100,
    score: 0,
    self: false,
    ...view,
  };
}

/** A session that shows what it is told to. */
export class ScriptedSession {
  status: SessionStatus = "playing";
  view: ArenaView = { tick: 0, self: null, others: [] };
  samples = 0;

  show(self: EntityView | null, ...others: readonly EntityView[]): void {
    this.view = { tick: this.view.tick + 1, self, others };
  }

  sample(): ArenaView {
    this.samples += 1;
    return this.view;
  }
}

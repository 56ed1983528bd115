/** Starts the engine with just the parts that the arena needs. */
import {
  AppBase,
  AppOptions,
  CameraComponentSystem,
  Color,
  createGraphicsDevice,
  DEVICETYPE_WEBGL2,
  Entity,
  RenderComponentSystem,
  type Script,
  ScriptComponentSystem,
  SORTMODE_MANUAL,
} from "../../playcanvas/engine.ts";
import { ELEVATION, FIELD_OF_VIEW } from "./camera-rig.ts";

/** Behind everything; hardly ever seen. */
const BACKDROP = new Color(0.09, 0.17, 0.17);

/** The engine on this canvas; fails when the browser has no WebGL 2. */
export async function startEngine(canvas: HTMLCanvasElement): Promise<AppBase> {
  const device = await createGraphicsDevice(canvas, {
    deviceTypes: [DEVICETYPE_WEBGL2],
    antialias: true,
    alpha: false,
    stencil: true,
  });
  const options = new AppOptions();
  options.graphicsDevice = device;
  options.componentSystems = [RenderComponentSystem, CameraComponentSystem, ScriptComponentSystem];
  const app = new AppBase(canvas);
  app.init(options);
  // All that is transparent lies on the ground in a known order.
  for (const layer of app.scene.layers.layerList) layer.transparentSortMode = SORTMODE_MANUAL;
  return app;
}

/** What the graphics driver calls itself; empty when it does not say. */
export function rendererOf(app: AppBase): string {
  const device = app.graphicsDevice;
  const name: unknown = "unmaskedRenderer" in device ? device.unmaskedRenderer : "";
  return typeof name === "string" ? name : "";
}

/** A camera that looks down at the ground; `aimCamera` moves it. */
export function createCamera(app: AppBase): Entity {
  const camera = new Entity("camera");
  camera.addComponent("camera", { fov: FIELD_OF_VIEW, clearColor: BACKDROP });
  camera.setLocalEulerAngles((-ELEVATION * 180) / Math.PI, 0, 0);
  app.root.addChild(camera);
  return camera;
}

/** Points the camera at a place on the ground, in scene units. */
export function aimCamera(camera: Entity, x: number, z: number, distance: number): void {
  const height = Math.sin(ELEVATION) * distance;
  camera.setLocalPosition(x, height, z + Math.cos(ELEVATION) * distance);
  const component = camera.camera;
  if (component === undefined) return;
  component.nearClip = distance * 0.4;
  component.farClip = distance * 3;
}

/** An empty entity below another. */
export function createChild(parent: Entity, name: string): Entity {
  const child = new Entity(name);
  parent.addChild(child);
  return child;
}

/** Adds a script to an entity and says what it is. */
export function addScript<Added extends Script>(
  entity: Entity,
  type: new (...args: ConstructorParameters<typeof Script>) => Added,
  properties: Partial<Added>,
): Added {
  if (entity.script === undefined) entity.addComponent("script");
  const made: unknown = entity.script?.create(type, { properties });
  if (!(made instanceof type)) throw new Error(`cannot add script ${type.name}: it did not start`);
  return made;
}

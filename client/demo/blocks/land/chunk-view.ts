/** A chunk in the scene: a mesh for each layer, built anew only when what it shows has changed. */
import { LAYERS } from "#shared/sim/index.ts";
import {
  Entity,
  type GraphicsDevice,
  Mesh,
  MeshInstance,
  SEMANTIC_TEXCOORD0,
} from "../../../playcanvas/engine.ts";
import { buildActive } from "./active-mesh.ts";
import { buildCeiling } from "./ceiling-mesh.ts";
import { buildFloor } from "./floor-mesh.ts";
import type { LandMaterials } from "./land-materials.ts";
import { MeshBuilder } from "./mesh-builder.ts";
import type { Surrounding } from "./surrounding.ts";

const BUILD = [buildFloor, buildActive, buildCeiling] as const;
/** Ceilings first: they cover what is then not painted. */
const DRAW_ORDER = [2, 1, 0] as const;

interface Layer {
  hash: number | undefined;
  /** With its mesh, which goes when it is destroyed. */
  entity: Entity | undefined;
}

const builder = new MeshBuilder();

export class ChunkView {
  readonly column: number;
  readonly row: number;
  readonly entity = new Entity("chunk");
  /** Layers that were built so far. */
  builds = 0;
  readonly #layers: Layer[] = Array.from({ length: LAYERS }, () => ({
    hash: undefined,
    entity: undefined,
  }));

  constructor(parent: Entity, place: { readonly column: number; readonly row: number }) {
    this.column = place.column;
    this.row = place.row;
    parent.addChild(this.entity);
  }

  /** Builds the layers that are not as they are shown; true when there were any. */
  update(device: GraphicsDevice, materials: LandMaterials, from: Surrounding): boolean {
    const hashes = [from.hash(0), from.hash(1), from.hash(2)] as const;
    // What stands and what is above throws its shade on the ground.
    const all = Math.imul(Math.imul(hashes[0], 31) ^ hashes[1], 31) ^ hashes[2];
    const wanted = [all, Math.imul(hashes[1], 31) ^ hashes[2], hashes[2]];
    let changed = false;
    for (const [index, layer] of this.#layers.entries()) {
      if (layer.hash === wanted[index]) continue;
      layer.hash = wanted[index];
      builder.clear();
      BUILD[index]?.(builder, from);
      this.#show(device, materials, { layer, index });
      this.builds += 1;
      changed = true;
    }
    return changed;
  }

  destroy(): void {
    this.entity.destroy();
  }

  #show(
    device: GraphicsDevice,
    materials: LandMaterials,
    { layer, index }: { readonly layer: Layer; readonly index: number },
  ): void {
    layer.entity?.destroy();
    layer.entity = undefined;
    const material = materials.layers[index];
    if (builder.isEmpty || material === undefined) return;
    const mesh = new Mesh(device);
    mesh.setPositions(builder.positions);
    mesh.setColors32(builder.colours);
    mesh.setVertexStream(SEMANTIC_TEXCOORD0, builder.details, 4);
    mesh.setIndices(builder.indices);
    mesh.update();
    const instance = new MeshInstance(mesh, material);
    instance.drawOrder = DRAW_ORDER[index] ?? 0;
    const entity = new Entity("layer");
    this.entity.addChild(entity);
    entity.addComponent("render", { meshInstances: [instance] });
    layer.entity = entity;
  }
}

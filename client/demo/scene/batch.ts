/**
 * Many copies of one solid in few draw calls.
 *
 * Hardware instancing would be the obvious way, but software renderers (and so every browser
 * without a graphics card, CI included) draw each instance as a call of its own: a meadow took
 * 150 ms a frame. Here a mesh holds the solid 32 times over, each vertex knows the number of its
 * copy, and the copies' places are an array of uniforms: one draw call for 32.
 */
import {
  Entity,
  type GraphicsDevice,
  Mesh,
  MeshInstance,
  SEMANTIC_TEXCOORD0,
  type ShaderMaterial,
} from "../../playcanvas/engine.ts";
import type { Rgb } from "./character-look.ts";
import { COPIES_MAX, VECTORS } from "./shaders.ts";
import type { Shape } from "./shapes.ts";
import type { Transform } from "./transform.ts";

/** Numbers for a copy: three rows of the transform, colour, extra. */
const FLOATS = VECTORS * 4;
/** Draw calls of a batch and material at most; further copies are not drawn. */
const CHUNKS_MAX = 64;

/** What a copy has beside its place. */
export interface CopyLook {
  readonly colour: Rgb;
  /** Meaning by shader, see shaders.ts. */
  readonly extra: readonly [number, number, number, number];
}

interface Chunk {
  readonly mesh: Mesh;
  readonly instances: readonly MeshInstance[];
  readonly data: Float32Array;
}

/** Copies of one solid, written anew whenever they change. */
export class Batch {
  readonly #parent: Entity;
  readonly #device: GraphicsDevice;
  readonly #materials: readonly ShaderMaterial[];
  readonly #drawOrder: number;
  readonly #first: Mesh;
  /** Indices of one copy. */
  readonly #indices: number;
  readonly #chunks: Chunk[] = [];
  #count = 0;

  constructor(
    parent: Entity,
    device: GraphicsDevice,
    from: { shape: Shape; materials: readonly ShaderMaterial[]; drawOrder?: number },
  ) {
    this.#parent = parent;
    this.#device = device;
    this.#materials = from.materials;
    this.#drawOrder = from.drawOrder ?? 0;
    this.#indices = from.shape.indices.length;
    this.#first = createMesh(device, from.shape);
  }

  /** Copies that will be drawn. */
  get count(): number {
    return this.#count;
  }

  /** Forgets all copies. */
  clear(): void {
    this.#count = 0;
  }

  /** Adds a copy; beyond `CHUNKS_MAX` × `COPIES_MAX` it is left out. */
  add(transform: Transform, look: CopyLook): void {
    const index = Math.floor(this.#count / COPIES_MAX);
    if (index >= CHUNKS_MAX) return;
    const chunk = this.#chunks[index] ?? this.#addChunk();
    const offset = (this.#count % COPIES_MAX) * FLOATS;
    chunk.data.set(transform, offset);
    chunk.data.set(look.colour, offset + 12);
    chunk.data.set(look.extra, offset + 16);
    this.#count += 1;
  }

  /** Draws exactly the copies that were added, from the next frame on. */
  flush(): void {
    let left = this.#count;
    for (const chunk of this.#chunks) {
      const copies = Math.min(left, COPIES_MAX);
      left -= copies;
      const primitive = chunk.mesh.primitive[0];
      if (primitive !== undefined) primitive.count = copies * this.#indices;
      for (const instance of chunk.instances) {
        instance.visible = copies > 0;
        instance.setParameter("uCopies[0]", chunk.data);
      }
    }
  }

  #addChunk(): Chunk {
    const mesh = this.#chunks.length === 0 ? this.#first : shareMesh(this.#device, this.#first);
    const instances = this.#materials.map((material) => {
      const instance = new MeshInstance(mesh, material);
      instance.cull = false;
      instance.drawOrder = this.#drawOrder;
      return instance;
    });
    const entity = new Entity("copies");
    this.#parent.addChild(entity);
    entity.addComponent("render", { meshInstances: [...instances] });
    const chunk = { mesh, instances, data: new Float32Array(COPIES_MAX * FLOATS) };
    this.#chunks.push(chunk);
    return chunk;
  }
}

/** The shape `COPIES_MAX` times over. */
function createMesh(device: GraphicsDevice, shape: Shape): Mesh {
  const vertices = shape.positions.length / 3;
  const copies: number[] = [];
  const indices: number[] = [];
  for (let copy = 0; copy < COPIES_MAX; copy += 1) {
    for (let vertex = 0; vertex < vertices; vertex += 1) copies.push(copy);
    for (const index of shape.indices) indices.push(copy * vertices + index);
  }
  const paints = shape.paints.map((part) => Math.round(part * 255));
  const mesh = new Mesh(device);
  mesh.setPositions(repeat(shape.positions));
  mesh.setNormals(repeat(shape.normals));
  mesh.setColors32(repeat(paints));
  mesh.setVertexStream(SEMANTIC_TEXCOORD0, copies, 1);
  mesh.setIndices(indices);
  mesh.update();
  return mesh;
}

/** The same buffers once more, so that another part of them can be drawn. */
function shareMesh(device: GraphicsDevice, from: Mesh): Mesh {
  const mesh = new Mesh(device);
  mesh.vertexBuffer = from.vertexBuffer;
  const indices = from.indexBuffer[0];
  if (indices !== undefined) mesh.indexBuffer[0] = indices;
  const primitive = from.primitive[0];
  if (primitive !== undefined) mesh.primitive[0] = { ...primitive };
  mesh.aabb = from.aabb;
  return mesh;
}

function repeat(values: readonly number[]): number[] {
  const all: number[] = [];
  for (let copy = 0; copy < COPIES_MAX; copy += 1) {
    for (const value of values) all.push(value);
  }
  return all;
}

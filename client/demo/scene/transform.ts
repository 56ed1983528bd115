/** Affine transforms as the instance buffers hold them: three rows of four numbers. */
export type Transform = Float32Array;

/** Where a part is and how it is turned (radians, applied z, then x, then y) and scaled. */
export interface Placement {
  x: number;
  y: number;
  z: number;
  turnX: number;
  turnY: number;
  turnZ: number;
  scale: number;
}

/** A placement at the parent's origin. */
export function createPlacement(): Placement {
  return { x: 0, y: 0, z: 0, turnX: 0, turnY: 0, turnZ: 0, scale: 1 };
}

export function createTransform(): Transform {
  return new Float32Array(12);
}

/** Writes the placement into `out`. */
export function place(out: Transform, placement: Placement): Transform {
  const { x, y, z, scale } = placement;
  const sx = Math.sin(placement.turnX);
  const cx = Math.cos(placement.turnX);
  const sy = Math.sin(placement.turnY);
  const cy = Math.cos(placement.turnY);
  const sz = Math.sin(placement.turnZ);
  const cz = Math.cos(placement.turnZ);
  out[0] = (cy * cz + sy * sx * sz) * scale;
  out[1] = (-cy * sz + sy * sx * cz) * scale;
  out[2] = sy * cx * scale;
  out[3] = x;
  out[4] = cx * sz * scale;
  out[5] = cx * cz * scale;
  out[6] = -sx * scale;
  out[7] = y;
  out[8] = (-sy * cz + cy * sx * sz) * scale;
  out[9] = (sy * sz + cy * sx * cz) * scale;
  out[10] = cy * cx * scale;
  out[11] = z;
  return out;
}

/** Writes `parent` × `child` into `out`, which must be neither of them. */
export function combine(out: Transform, parent: Transform, child: Transform): Transform {
  for (let row = 0; row < 12; row += 4) {
    const a = at(parent, row);
    const b = at(parent, row + 1);
    const c = at(parent, row + 2);
    for (let column = 0; column < 4; column += 1) {
      out[row + column] =
        a * at(child, column) + b * at(child, column + 4) + c * at(child, column + 8);
    }
    out[row + 3] = at(out, row + 3) + at(parent, row + 3);
  }
  return out;
}

function at(transform: Transform, index: number): number {
  return transform[index] ?? 0;
}

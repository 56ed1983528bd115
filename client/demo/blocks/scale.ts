/** How blocks lie in the scene, in whose units people are as tall as in the arena. */

/** Scene units on a side of a block. */
export const BLOCK = 32;
/** Scene units from the ground to the top of a block that stands on it. */
export const WALL_HEIGHT = 36;
/** Scene units from the ground to the upper side of the ceiling's lowest part. */
export const EAVES_HEIGHT = 43;
/** Scene units from the land to the water. */
export const WATER_DEPTH = 7;

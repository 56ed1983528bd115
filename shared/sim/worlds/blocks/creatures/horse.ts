import { animalWith } from "./animal.ts";

/** Is wary: when one is hurt, all that are near bolt with it (`herd` of its traits). */
export const horse = animalWith({});

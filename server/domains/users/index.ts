/** What staff may do about players. */
export { findSubordinate } from "./find-subordinate.ts";

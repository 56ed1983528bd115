/** Which world the page shows, and the links to the others. */
import { element } from "./elements.ts";

const WORLDS = { arena: "Arena", blocks: "Blocks" } as const;

/** A world that the demo can show. */
export type DemoWorld = keyof typeof WORLDS;

/** The world in the address; the arena unless it names another one. */
export function readWorld(parameters: URLSearchParams): DemoWorld {
  return parameters.get("world") === "blocks" ? "blocks" : "arena";
}

/** The address of another world for the same player: what is about a world's places goes. */
export function addressOf(world: DemoWorld, parameters: URLSearchParams): string {
  const address = new URLSearchParams(parameters);
  address.set("world", world);
  address.delete("region");
  return `?${address}`;
}

/** Dresses the page for a world and links the others. */
export function showWorlds(shown: DemoWorld, parameters: URLSearchParams): void {
  document.documentElement.dataset.world = shown;
  document.title = `Tessera · ${WORLDS[shown]}`;
  const links = element("worlds", HTMLElement);
  for (const world of ["arena", "blocks"] as const) {
    const link = document.createElement("a");
    link.href = addressOf(world, parameters);
    link.textContent = WORLDS[world];
    if (world === shown) link.setAttribute("aria-current", "page");
    links.append(link);
  }
}

/** How many play in a world, as the server tells it. */
import type { Client } from "../index.ts";

/** Tells each new number, and null while it is unknown. */
export function watchPopulation(
  client: Client,
  worldId: string,
  show: (population: number | null) => void,
): void {
  client.api.worlds.watchPopulation.subscribe(
    { worldId },
    {
      onData: ({ data }) => show(data.population),
      onConnectionStateChange: ({ state }) => {
        if (state === "connecting") show(null);
      },
      onError: () => show(null),
    },
  );
}

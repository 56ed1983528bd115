/** What a client does first, with the SDK as a game bundles it; the same in every runtime. */
import { type ClientOptions, createClient } from "../client/index.ts";

/** Logs in, asks and is told of a change; answers with what it saw. */
export async function smoke(url: string, host: Pick<ClientOptions, "EventSource"> = {}) {
  const client = createClient({ url, ...host });
  const player = await client.guest({ displayName: "Ada" });
  const { worlds } = await client.api.worlds.list.query();
  const told = await new Promise<number>((resolve, reject) => {
    const subscription = client.api.worlds.watchPopulation.subscribe(
      { worldId: "arena" },
      {
        onData({ data }) {
          subscription.unsubscribe();
          resolve(data.population);
        },
        onError: reject,
      },
    );
  });
  await client.logOut();
  return { name: player.displayName, worlds: worlds.map(({ id }) => String(id)), told };
}

// What the user is told when everything runs.

export interface BannerFacts {
  readonly serverUrl: string;
  readonly shards: readonly { readonly name: string; readonly url: string }[];
  readonly botCount: number;
  readonly data: string;
  readonly seconds: number;
}

/** A block of addresses. */
export function formatBanner(facts: BannerFacts): string {
  const { serverUrl, shards, botCount, data, seconds } = facts;
  const rows: [string, string][] = [
    ["play", `${serverUrl}/play`],
    ["API reference", `${serverUrl}/docs`],
    ["health", `${serverUrl}/health`],
    ...shards.map(({ name, url }): [string, string] => [name, url]),
    ["data", data],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const bots = botCount === 0 ? "No bots are wanted." : `${botCount} bots join in.`;
  return [
    "",
    `  Tessera is running, ready after ${seconds.toFixed(1)} s`,
    "",
    ...rows.map(([name, value]) => `    ${name.padEnd(width)}   ${value}`),
    "",
    `  ${bots} Ctrl-C stops everything in order.`,
    "",
  ].join("\n");
}

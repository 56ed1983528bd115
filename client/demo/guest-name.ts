/** Names for people who have not chosen one. */

const FIRST = [
  "Amber",
  "Brisk",
  "Clever",
  "Dapper",
  "Eager",
  "Fabled",
  "Gentle",
  "Hasty",
  "Ivory",
  "Jolly",
  "Keen",
  "Lucky",
  "Mellow",
  "Nimble",
  "Odd",
  "Plucky",
  "Quiet",
  "Ruby",
  "Sunny",
  "Tidy",
  "Umber",
  "Velvet",
  "Witty",
  "Young",
  "Zesty",
] as const;
const SECOND = [
  "Badger",
  "Comet",
  "Dragon",
  "Ember",
  "Falcon",
  "Gecko",
  "Heron",
  "Ibis",
  "Jackal",
  "Kestrel",
  "Lynx",
  "Marten",
  "Newt",
  "Otter",
  "Panda",
  "Quail",
  "Raven",
  "Stoat",
  "Tiger",
  "Urchin",
  "Viper",
  "Wolf",
  "Yak",
  "Zebra",
] as const;

/** A name from numbers in [0, 1), e.g. "Plucky Otter". */
export function guestName(random: () => number): string {
  const first = FIRST[Math.floor(random() * FIRST.length)] ?? FIRST[0];
  const second = SECOND[Math.floor(random() * SECOND.length)] ?? SECOND[0];
  return `${first} ${second}`;
}

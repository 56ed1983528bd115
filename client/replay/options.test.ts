import { expect, test } from "bun:test";
import { readReplayOptions } from "./options.ts";

const read = (flags: string, environment = {}) => readReplayOptions(flags.split(" "), environment);

test("flags become the filter of the API", () => {
  const options = read("--token t --types a,b --region eu-west-1 --world arena --follow --limit 5");
  expect(options).toEqual({
    url: "http://127.0.0.1:8088",
    token: "t",
    filter: { types: "a,b", regions: "eu-west-1", worldId: "arena" },
    limit: 5,
    follow: true,
    statistics: undefined,
    json: false,
  });
  const environment = { TESSERA_SERVER_URL: "https://play.test/" };
  expect(read("--token t", environment).url).toBe("https://play.test");
});

test.each([
  ["--types a", "there is no --token"],
  ["--token", "--token has no value"],
  ["--token t --limit 0", "--limit is 0, allowed is a whole number from 1"],
  ["--token t --stats year", "--stats is year, allowed is hour, day, type or region"],
  ["--token t --nonsense", "there is no flag --nonsense"],
  ["--token t --url ftp://x", "--url is ftp://x, allowed is an address such as"],
])("%s is refused", (flags, message) => {
  expect(() => read(flags)).toThrow(`cannot replay: ${message}`);
});

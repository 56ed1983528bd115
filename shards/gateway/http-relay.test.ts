import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createHttpRelay, type HttpQuestion } from "./http-relay.ts";

function setUp() {
  const clock = new FakeClock();
  const asked: HttpQuestion[] = [];
  const relay = createHttpRelay(clock, async (question) => {
    asked.push(question);
    return { status: 200, contentType: "text/plain", body: `answer ${asked.length}` };
  });
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await relay(new Request(`http://shard.test${path}`, { headers }));
    return `${response.status} ${await response.text()}`;
  };
  return { clock, asked, get };
}

test("those who ask the same at the same time share an answer", async () => {
  const { clock, asked, get } = setUp();
  expect(await Promise.all([get("/health"), get("/health")])).toEqual([
    "200 answer 1",
    "200 answer 1",
  ]);
  clock.advance(300);
  expect(await get("/health")).toBe("200 answer 2");
  expect(asked).toHaveLength(2);
});

test("whoever shows another credential gets an answer of its own", async () => {
  const { asked, get } = setUp();
  await get("/metrics");
  await get("/metrics", { authorization: "Bearer x" });
  expect(asked.map(({ authorization }) => authorization)).toEqual([undefined, "Bearer x"]);
});

test("nobody asks for what the shard does not have", async () => {
  const { asked, get } = setUp();
  expect(await get("/admin")).toBe("404 not found");
  expect(asked).toEqual([]);
});

test("a flood with ever other credentials is one question where none is needed", async () => {
  const { asked, get } = setUp();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => get("/health", { authorization: `Bearer ${index}` })),
  );
  expect(new Set(answers)).toEqual(new Set(["200 answer 1"]));
  expect(asked).toHaveLength(1);
});

test("a flood of different questions is refused instead of handed on", async () => {
  const { asked, get } = setUp();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => get("/metrics", { authorization: `Bearer ${index}` })),
  );
  expect(asked).toHaveLength(8);
  expect(answers.filter((answer) => answer.startsWith("503"))).toHaveLength(42);
});

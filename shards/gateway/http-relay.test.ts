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
  const ask = async (path: string, init: RequestInit) => {
    const response = await relay(new Request(`http://shard.test${path}`, init));
    return `${response.status} ${await response.text()}`;
  };
  const get = (path: string, headers: Record<string, string> = {}) => ask(path, { headers });
  return { clock, asked, get, ask };
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

test("a hold is asked for by method and id; the same within a moment is one", async () => {
  const { asked, ask } = setUp();
  const headers = { authorization: "Bearer x" };
  const answers = [
    await ask("/hold?id=1", { method: "POST", headers }),
    await ask("/hold?id=1", { method: "POST", headers }),
    await ask("/hold?id=1", { method: "DELETE", headers }),
  ];
  expect(answers).toEqual(["200 answer 1", "200 answer 1", "200 answer 2"]);
  expect(asked).toEqual([
    { path: "/hold", method: "POST", search: "?id=1", authorization: "Bearer x" },
    { path: "/hold", method: "DELETE", search: "?id=1", authorization: "Bearer x" },
  ]);
  expect(await ask(`/hold?id=${"1".repeat(80)}`, { method: "POST" })).toBe("404 not found");
});

test("a flood of holds without a credential is refused instead of handed on", async () => {
  const { asked, ask } = setUp();
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => ask(`/hold?id=${index}`, { method: "POST" })),
  );
  expect(asked).toHaveLength(8);
});

import { expect, test } from "bun:test";
import { OwnName } from "./own-name.ts";

function setUp(refused: readonly string[] = []) {
  const sent: string[] = [];
  const told: string[] = [];
  const answers: (() => void)[] = [];
  const own = new OwnName(
    async (name) => {
      sent.push(name);
      await new Promise<void>((resolve) => answers.push(resolve));
      if (refused.includes(name)) throw new Error(`no ${name}`);
    },
    { taken: (name) => told.push(name), refused: (message) => told.push(message) },
  );
  own.know("Bob");
  const answer = async () => {
    answers.shift()?.();
    await new Promise(setImmediate);
  };
  return { own, sent, told, answer };
}

test("a name that is taken back while it is on its way is taken back", async () => {
  const { own, sent, told, answer } = setUp();
  void own.want("Robert");
  void own.want("Bob");
  await answer();
  expect(sent).toEqual(["Robert", "Bob"]);
  await answer();
  expect(told).toEqual(["Robert", "Bob"]);
  expect(own.current).toBe("Bob");
});

test("of several wishes the last counts, and the same name is not sent", async () => {
  const { own, sent, answer } = setUp();
  void own.want("Bob");
  for (const name of ["Robert", "Bert", "Rob"]) void own.want(name);
  own.know("Robert, as an old answer says");
  await answer();
  await answer();
  expect(sent).toEqual(["Robert", "Rob"]);
  expect(own.current).toBe("Rob");
});

test("a name that is refused is told, unless another is wanted by then", async () => {
  const { own, sent, told, answer } = setUp(["Root", "Admin"]);
  void own.want("Root");
  await answer();
  expect([told, own.current]).toEqual([["no Root"], "Bob"]);
  void own.want("Admin");
  void own.want("Ann");
  await answer();
  await answer();
  expect([sent, told]).toEqual([
    ["Root", "Admin", "Ann"],
    ["no Root", "Ann"],
  ]);
});

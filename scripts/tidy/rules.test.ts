import { describe, expect, test } from "bun:test";
import { rules } from "./rules.ts";
import { treeOf } from "./tree.ts";

type Files = Readonly<Record<string, string>>;

function check(name: string, files: Files): string[] {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`cannot test rule ${name}: there is none`);
  return rule.check(treeOf(files)).map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

const manifest = '{ "devDependencies": { "@bufbuild/protoc-gen-es": "2.0.0" } }';
const note = `// ${"TO"}DO later`;

/** Rule, sample that breaks it, and part of what is said about it. */
const breaking: [rule: string, files: Files, says: string][] = [
  ["import edges", { "shared/a.ts": 'import "../server/b.ts";' }, "shared must not import server"],
  ["import edges", { "shards/a.ts": 'import { b } from "../server/b.ts";' }, "meet on the bus"],
  ["import edges", { "server/a.ts": 'export * from "../client/b.ts";' }, "must not import client"],
  ["import edges", { "server/a.ts": 'await import("../client/b.ts");' }, "must not import client"],
  [
    "import edges",
    { "client/a.ts": 'import { AppRouter } from "../server/app-router.ts";' },
    "write import type",
  ],
  [
    "import edges",
    { "client/a.ts": 'import type { X } from "../server/app.ts";' },
    "client must not import server",
  ],
  ["import edges", { "client/a.ts": 'import { b } from "#shared/infra/log.ts";' }, "Bun only"],
  ["import edges", { "server/a.ts": 'import { b } from "../shared/b.ts";' }, "#shared/…"],
  ["import edges", { "server/a.ts": 'import { b } from "./b";' }, "with its .ts extension"],
  ["import edges", { "proto/a.ts": 'import { b } from "#shared/b.ts";' }, "proto imports nothing"],
  [
    "import edges",
    { "shared/sim/kernel/a.ts": 'import { b } from "../worlds/arena/b.ts";' },
    "the kernel must not import a world",
  ],
  [
    "import edges",
    { "shared/sim/worlds/space/a.ts": 'import { b } from "../arena/b.ts";' },
    "world space must not import world arena",
  ],
  [
    "import edges",
    { "server/a.ts": 'import { b } from "#shared/testing/b.ts";' },
    "only tests and scripts",
  ],
  ["purity", { "shared/model/a.ts": "const a = Date.now();" }, "take a Clock"],
  ["purity", { "shared/net/a.ts": "setTimeout(a, 1);" }, "use schedule"],
  ["purity", { "shared/sim/a.ts": "Math.random();" }, "random source"],
  ["purity", { "shared/sim/a.ts": "const a = `${Math.sin(1)}`;" }, "last bit"],
  ["purity", { "shared/sim/a.ts": "const a = 2 ** b;" }, "multiply"],
  ["purity", { "shared/time/a.ts": 'import { b } from "node:fs";' }, "not in browsers"],
  ["purity", { "shared/net/a.ts": "Bun.hash(b);" }, "as a parameter"],
  ["purity", { "shared/sim/a.ts": 'import { b } from "#shared/infra/b.ts";' }, "Bun only"],
  ["vendor confinement", { "server/a.ts": 'import { b } from "prom-client";' }, "metrics"],
  ["vendor confinement", { "client/a.ts": 'import b from "left-pad";' }, "has no place"],
  ["vendor confinement", { "shards/a.ts": 'import { b } from "elysia/ws";' }, "elysia belongs"],
  ["budgets", { "server/a.ts": `const a = ${"b + ".repeat(30)}b;` }, "break the line"],
  ["budgets", { "server/a.ts": `function a() {\n${"b();\n".repeat(70)}}\n` }, "split it"],
  ["budgets", { "server/a.ts": `const a = async () => {\n${"b();\n".repeat(70)}};` }, "split it"],
  [
    "budgets",
    { "server/a.ts": `class A {\n  a(b = "}"): { c: 1 } {\n${"b();\n".repeat(70)}}\n}` },
    "has 72 lines",
  ],
  ["budgets", { "server/a.ts": "a();\n".repeat(501) }, "501 lines"],
  ["type escapes", { "server/a.ts": "function a(b: any) {}" }, "write unknown"],
  ["type escapes", { "server/a.ts": "const a = b as any[];" }, "write unknown"],
  ["type escapes", { "server/a.ts": "a!.b = c;" }, "handle undefined"],
  ["type escapes", { "server/a.ts": "const a = b[0]!;" }, "handle undefined"],
  ["type escapes", { "server/a.ts": "// @ts-ignore\na();" }, "mend the type"],
  ["type escapes", { "server/a.ts": "const a = b as unknown as C;" }, "unsafe.ts"],
  ["dead files", { "server/main.ts": "", "server/a.ts": "" }, "server/a.ts:1: nothing leads here"],
  ["paths in Markdown", { "README.md": "see `server/b.ts`" }, "server/b.ts does not exist"],
  ["paths in Markdown", { "docs/A.md": "\n[b](B.md#c)" }, "docs/A.md:2: docs/B.md does not exist"],
  ["commands in Markdown", { "README.md": "`bun run a`" }, "README.md:1: there is no `bun run a`"],
  [
    "commands in Markdown",
    { "package.json": '{ "scripts": { "chaos": "" } }', "docs/A.md": "\nbun run chaos kill" },
    "docs/A.md:2: there is no `bun run chaos kill`",
  ],
  [
    "paths in Markdown",
    { "README.md": "`server/{a,b}.ts`", "server/a.ts": "" },
    "server/{a,b}.ts does not exist",
  ],
  ["leftovers", { "server/a.ts": note }, "do it now"],
  ["leftovers", { "server/a.test.ts": "test.skip(a)" }, "make the test run"],
  ["registry hosts", { "bun.lock": 'a\n"https://registry.example/x.tgz"' }, "bun.lock:2: https://"],
  [
    "generated code",
    { "package.json": manifest, "proto/gen/a_pb.ts": "// @generated by protoc-gen-es v1.0.0 x" },
    "run `bun run generate`",
  ],
];

/** Rule and sample that keeps it, though it looks like breaking it. */
const keeping: [rule: string, files: Files][] = [
  ["import edges", { "client/a.ts": 'import type { A } from "../server/app-router.ts";' }],
  ["import edges", { "client/a.ts": 'import { b } from "#shared/sim/b.ts";' }],
  ["import edges", { "server/a.ts": '// import "../client/b.ts";' }],
  ["import edges", { "server/a.test.ts": 'import { b } from "#shared/testing/b.ts";' }],
  ["purity", { "shared/sim/a.ts": '// Date.now() is no good\nconst a = "Math.random";' }],
  ["purity", { "shared/infra/a.ts": "Date.now();" }],
  ["purity", { "shared/sim/a.test.ts": "Math.random();" }],
  ["vendor confinement", { "shared/infra/metrics.ts": 'import { b } from "prom-client";' }],
  ["budgets", { "server/a.ts": `function a() {\n${"b();\n".repeat(68)}}\n` }],
  ["budgets", { "server/a.ts": `type A = {\n${"b: 1;\n".repeat(90)}};` }],
  ["budgets", { "server/a.ts": `for (const a of b) {\n${"c();\n".repeat(90)}}` }],
  ["budgets", { "server/a.test.ts": `describe("a", () => {\n${"b();\n".repeat(90)}});` }],
  ["type escapes", { "server/a.ts": "if (a !== b && !c) Promise.any(d); // any!" }],
  ["type escapes", { "server/unsafe.ts": "export const a = b as unknown as C;" }],
  ["dead files", { "server/main.ts": 'new Worker(new URL("./a.ts", b));', "server/a.ts": "" }],
  [
    "dead files",
    {
      "package.json": '{ "exports": { "./client": "./client/index.ts" } }',
      "client/index.ts": 'const page = "client/demo/index.html";',
      "client/demo/index.html": '<script type="module" src="./main-page.ts"></script>',
      "client/demo/main-page.ts": "",
    },
  ],
  [
    "paths in Markdown",
    { "README.md": "`data/control.db`, `a/b`, `bun run test`, https://a/b.ts" },
  ],
  [
    "commands in Markdown",
    {
      "package.json": '{ "scripts": { "test": "", "chaos": "" } }',
      "README.md": "bun run test a, bun run chaos kill, bun run chaos NAME",
      "bench/chaos/experiments/kill.ts": "",
    },
  ],
  ["registry hosts", { "bun.lock": '"a": ["a@1.0.0", "", {}, "sha512-x"]' }],
  [
    "generated code",
    { "package.json": manifest, "proto/gen/a_pb.ts": "// @generated by protoc-gen-es v2.0.0 x" },
  ],
];

describe("each rule", () => {
  test.each(breaking)("%s refuses %j", (rule, files, says) => {
    const found = check(rule, files);
    expect(found.join("\n")).toContain(says);
  });

  test.each(keeping)("%s lets %j pass", (rule, files) => {
    expect(check(rule, files)).toEqual([]);
  });

  test("is broken by a sample here", () => {
    const sampled = new Set(breaking.map(([rule]) => rule));
    expect(rules.map((rule) => rule.name).filter((name) => !sampled.has(name))).toEqual([]);
  });
});

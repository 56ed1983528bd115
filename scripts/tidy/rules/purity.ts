import { listImports } from "../imports.ts";
import { type Rule, type SourceFile, type Violation, violationAt } from "../tree.ts";

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
}

const PURE = /^shared\/(model|sim|time|net)\//;
const SIM = /^shared\/sim\//;
const EXEMPT = /\.(test|fuzz)\.ts$|\/testing\//;
/** The one adapter to the machine's clock, which is injected everywhere else. */
const CLOCK = "shared/time/clock.ts";

const CLOCKS: readonly Ban[] = [
  { pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\./g, instead: "take a Clock" },
  { pattern: /\bset(Timeout|Interval|Immediate)\b/g, instead: "take a Clock, use schedule" },
];
const MACHINE: readonly Ban[] = [
  { pattern: /\bBun\b|\bDeno\b|\bprocess\./g, instead: "take what is needed as a parameter" },
  { pattern: /\b(fetch|WebSocket|localStorage)\b\s*\(/g, instead: "take it as a parameter" },
  { pattern: /\bMath\.random\b|\bcrypto\./g, instead: "take a random source as a parameter" },
];
const DETERMINISM: readonly Ban[] = [
  {
    pattern:
      /\bMath\.(a?sinh?|a?cosh?|a?tanh?|atan2|pow|exp|expm1|log|log2|log10|log1p|hypot|cbrt)\b/g,
    instead: "engines differ in its last bit; use whole numbers, Math.sqrt and Math.floor",
  },
  { pattern: /\*\*/g, instead: "engines may differ in **; multiply, or shift whole numbers" },
  { pattern: /\bnew (Date|Intl\.)|\.toLocale\w+\(/g, instead: "it depends on the machine" },
];

/** `shared/{model,sim,time,net}` depends on nothing but its input, on every machine. */
export const purity: Rule = {
  name: "purity",
  check: (tree) =>
    tree.sources
      .filter(({ path }) => PURE.test(path) && !EXEMPT.test(path))
      .flatMap((file) => [...checkImports(file), ...checkBans(file)]),
};

function checkImports(file: SourceFile): Violation[] {
  return listImports(file).flatMap(({ specifier, target, at }) => {
    if (/^(node:|bun(:|$))/.test(specifier)) {
      return [violationAt(file, at, `${specifier} is not in browsers; take it as a parameter`)];
    }
    if (target?.startsWith("shared/infra/")) {
      return [violationAt(file, at, "shared/infra is for Bun only; take it as a parameter")];
    }
    return [];
  });
}

function checkBans(file: SourceFile): Violation[] {
  const bans = [
    ...MACHINE,
    ...(file.path === CLOCK ? [] : CLOCKS),
    ...(SIM.test(file.path) ? DETERMINISM : []),
  ];
  return bans.flatMap(({ pattern, instead }) =>
    [...file.code.matchAll(pattern)].map((match) =>
      violationAt(file, match.index, `${match[0]} is not pure: ${instead}`),
    ),
  );
}

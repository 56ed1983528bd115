// Who imports whom.
import { dirname, join, normalize } from "node:path";
import type { SourceFile, Tree } from "./tree.ts";

export interface Import {
  readonly specifier: string;
  readonly isTypeOnly: boolean;
  readonly at: number;
  /** The file of the repository that is meant, or undefined for a package. */
  readonly target: string | undefined;
}

const IMPORTS = [
  /\b(?:import|export)\b(\s+type\b)?[^;"'`()]*?\bfrom\s*(["'])([^"'\n]+)\2/g,
  /\bimport\b(\s+type\b)?\s*\(?\s*(["'])([^"'\n]+)\2/g,
];

/** All imports of a file: static, dynamic, re-exports and those of types. */
export function listImports(file: SourceFile): Import[] {
  const found = new Map<number, Import>();
  for (const pattern of IMPORTS) {
    for (const match of file.withTexts.matchAll(pattern)) {
      const specifier = match[3];
      // The keyword must be code, not part of a text.
      if (specifier === undefined || !/^[ie]/.test(file.code.slice(match.index))) continue;
      const isTypeOnly = match[1] !== undefined;
      const target = resolveSpecifier(file.path, specifier);
      found.set(match.index, { specifier, isTypeOnly, at: match.index, target });
    }
  }
  return [...found.values()];
}

/** The repository file behind a specifier, or undefined for a package or built-in module. */
function resolveSpecifier(from: string, specifier: string): string | undefined {
  if (specifier.startsWith("#shared/")) return specifier.replace("#shared/", "shared/");
  if (specifier.startsWith("#proto/")) return specifier.replace("#proto/", "proto/gen/tessera/v1/");
  if (!specifier.startsWith(".")) return undefined;
  return normalize(join(dirname(from), specifier));
}

/** `zod` for `zod/v4`, `@trpc/server` for `@trpc/server/rpc`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/**
 * The repository files that a file leads to: what it imports, and what it names in a text, as for
 * a Worker, a page or a process that it starts.
 */
export function listReferences(tree: Tree, file: { path: string; withTexts: string }): string[] {
  const known = new Set(tree.paths);
  const texts = [...file.withTexts.matchAll(/["'`]([^"'`\n]+\.(?:ts|html|css|js))["'`]/g)];
  return texts
    .flatMap(([, text = ""]) => [resolveSpecifier(file.path, text), normalize(text)])
    .flatMap((path) => (path === undefined ? [] : [path, join(dirname(file.path), path)]))
    .filter((path) => known.has(path));
}

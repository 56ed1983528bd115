// All rules that a machine holds; what they are about is in CONTRIBUTING.md.
import { budgets } from "./rules/budgets.ts";
import { deadFiles } from "./rules/dead-files.ts";
import { generatedVersion } from "./rules/generated-version.ts";
import { importEdges } from "./rules/import-edges.ts";
import { leftovers } from "./rules/leftovers.ts";
import { markdownCommands } from "./rules/markdown-commands.ts";
import { markdownPaths } from "./rules/markdown-paths.ts";
import { purity } from "./rules/purity.ts";
import { registryHosts } from "./rules/registry-hosts.ts";
import { typeEscapes } from "./rules/type-escapes.ts";
import { vendors } from "./rules/vendors.ts";
import type { Rule } from "./tree.ts";

export const rules: readonly Rule[] = [
  importEdges,
  purity,
  vendors,
  budgets,
  typeEscapes,
  deadFiles,
  markdownPaths,
  markdownCommands,
  leftovers,
  registryHosts,
  generatedVersion,
];

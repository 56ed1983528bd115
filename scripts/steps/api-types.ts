// The type of the whole API by itself, for a client in another repository.
//
// The compiler writes the router's type out in full: inputs, outputs and errors of every procedure.
// What clients never see, the context that use cases are given and the notes on procedures, is all
// that leads from there into the server and its packages; it is left out.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../bootstrap.ts";
import { runTool } from "./tool.ts";

/** Below node_modules, where packages are found and nobody else looks. */
const SCRATCH = join(ROOT, "node_modules/.cache");

const UNSEEN = /import\("\.\/(?:context\.ts"\)\.Context|trpc\.ts"\)\.ProcedureMeta)/g;
const ERRORS = /import\("\.\.\/shared\/model\/errors\.ts"\)/g;

/** Writes `app-router.d.ts` and what it needs besides @trpc/server and zod into the folder. */
export async function writeApiTypes(folder: string): Promise<void> {
  mkdirSync(SCRATCH, { recursive: true });
  const scratch = mkdtempSync(join(SCRATCH, "api-types-"));
  try {
    await emit(scratch);
    const router = readFileSync(join(scratch, "out/server/app-router.d.ts"), "utf8");
    const types = router.replace(UNSEEN, "object").replace(ERRORS, 'import("./errors.js")');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "app-router.d.ts"), types);
    copyFileSync(join(scratch, "out/shared/model/errors.d.ts"), join(folder, "errors.d.ts"));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function emit(scratch: string): Promise<void> {
  const up = relative(scratch, ROOT);
  const settings = {
    extends: `${up}/tsconfig.json`,
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: "out",
      rootDir: up,
    },
    include: [],
    files: [`${up}/server/app-router.ts`],
  };
  writeFileSync(join(scratch, "tsconfig.json"), JSON.stringify(settings));
  const done = await runTool("tsc", ["--project", scratch], { quiet: true });
  if (!done) throw new Error("cannot write the API's types: the compiler refuses the router");
}

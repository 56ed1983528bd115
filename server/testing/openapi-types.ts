// An OpenAPI document from standard input as TypeScript on standard output, by openapi-typescript.
// It writes through TypeScript's compiler API, which version 7 has not: it is given version 5.
import { plugin } from "bun";

plugin({
  name: "typescript with a compiler API",
  setup(build) {
    build.module("typescript", async () => {
      const { default: typescript } = await import("typescript-with-api");
      return { exports: { default: typescript }, loader: "object" };
    });
  },
});

const { default: describe, astToString } = await import("openapi-typescript");
process.stdout.write(astToString(await describe(await Bun.stdin.text())));

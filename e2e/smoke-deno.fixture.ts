/** For Deno, which gives the arguments in its own way. */
import { smoke } from "./smoke-client.fixture.ts";

declare const Deno: { readonly args: readonly string[] };

console.log(JSON.stringify(await smoke(Deno.args[0] ?? "")));

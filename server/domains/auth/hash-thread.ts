// A thread that hashes passwords, one after the other, when nothing else wants its core.
import { getPriority, setPriority } from "node:os";
import type { HashAnswer, HashQuestion } from "./hash-messages.ts";

/** OWASP's second recommendation for argon2id: 19 MiB, 2 passes. */
const ARGON = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
/** A tenth of a core where a shard wants all of it: ticks begin in time, and logins get on. */
const NICE = 10;

// On Linux this is the thread's own; elsewhere it would be the whole process'.
if (process.platform === "linux") setPriority(0, Math.max(NICE, getPriority(0)));

self.onmessage = ({ data }: MessageEvent<HashQuestion>) => {
  self.postMessage(answer(data));
};

function answer({ password, against }: HashQuestion): HashAnswer {
  try {
    if (against === undefined) return { value: Bun.password.hashSync(password, ARGON) };
    return { value: Bun.password.verifySync(password, against, ARGON.algorithm) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

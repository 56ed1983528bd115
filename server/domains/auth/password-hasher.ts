// argon2id, a few at a time, out of everybody's way. Each hash takes 19 MiB and a core for tens of
// milliseconds, and a crowd that logs in at once would take all cores from the shards beside it. So
// there are as many threads as may hash at once, of the lowest priority, and a bounded queue.
import { AppError } from "#shared/model/errors.ts";
import type { HashAnswer, HashQuestion } from "./hash-messages.ts";

/** Hashes that run at once, each in a thread of its own. */
export const HASHES_RUNNING_MAX = 2;
/** Hashes that wait; one more is refused with BUSY. */
export const HASHES_WAITING_MAX = 64;

/** A hash of nothing that anybody knows, by the same parameters as all others. */
const DECOY =
  "$argon2id$v=19$m=19456,t=2,p=1$3JNpVxWs1wK69TVTyitsW5HJFyQdNIeBsNR/j+5naNM" +
  "$h2dxM4kXiitjZHLuL6RsiH17w90TxPU4OO7cSGq3W/k";

const THREAD = new URL("./hash-thread.ts", import.meta.url);

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Against null, does the same work as against a hash and says no. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

interface Job {
  readonly question: HashQuestion;
  resolve(value: string | boolean): void;
  reject(error: Error): void;
}

/** Hashes in threads that are made when they are first needed. */
export class ThreadedHasher implements PasswordHasher, Disposable {
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #threads = new Set<Worker>();

  async hash(password: string): Promise<string> {
    return String(await this.#ask({ password }));
  }

  async verify(password: string, stored: string | null): Promise<boolean> {
    const matches = await this.#ask({ password, against: stored ?? DECOY });
    return matches === true && stored !== null;
  }

  [Symbol.dispose](): void {
    for (const thread of this.#threads) thread.terminate();
  }

  #ask(question: HashQuestion): Promise<string | boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<string | boolean>();
    const job = { question, resolve, reject };
    const thread = this.#idle.pop() ?? this.#open();
    if (thread !== undefined) this.#run(thread, job);
    else if (this.#waiting.length < HASHES_WAITING_MAX) this.#waiting.push(job);
    else reject(busy());
    return promise;
  }

  #open(): Worker | undefined {
    if (this.#threads.size >= HASHES_RUNNING_MAX) return undefined;
    // Without `ref` it keeps no process from its end.
    const thread = new Worker(THREAD, { smol: true, ref: false });
    this.#threads.add(thread);
    return thread;
  }

  #run(thread: Worker, { question, resolve, reject }: Job): void {
    thread.onmessage = ({ data }: MessageEvent<HashAnswer>) => {
      this.#idle.push(thread);
      this.#goOn();
      if ("error" in data) reject(new Error(`cannot hash a password: ${data.error}`));
      else resolve(data.value);
    };
    thread.onerror = ({ message }) => {
      this.#threads.delete(thread);
      this.#goOn();
      reject(new Error(`cannot hash a password: ${message}`));
    };
    thread.postMessage(question);
  }

  /** There is room for one that waits. */
  #goOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const thread = this.#idle.pop() ?? this.#open();
    if (thread === undefined) this.#waiting.unshift(next);
    else this.#run(thread, next);
  }
}

/** One for the whole process, which has one machine. */
const shared = new ThreadedHasher();

/** A hasher; all of a process have the same threads and the same queue. */
export function createPasswordHasher(): PasswordHasher {
  return {
    hash: (password) => shared.hash(password),
    verify: (password, hash) => shared.verify(password, hash),
  };
}

function busy(): AppError {
  return new AppError(
    "BUSY",
    "cannot check the password now: too many others are waiting; try again in a moment",
    { retryAfterSeconds: 2 },
  );
}

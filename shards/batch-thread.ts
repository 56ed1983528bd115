// How Linux schedules a thread that works in the background.
import { dlopen, ptr } from "bun:ffi";

/** SCHED_BATCH of sched(7): as much of the processor as others, but never woken in their stead. */
const SCHED_BATCH = 3;
/** `struct sched_param`: a priority, 0 for this policy. */
const PARAMETERS = new Int32Array(1);

/**
 * Lets this thread wait until whoever woke it has no more use for its core; true where the system
 * does so. Otherwise Linux may give a thread that is woken by a message the core of the sender,
 * which then stands still for 2 ms in the middle of its tick. On other systems, and where the C
 * library has no such call, everything stays as it is: false.
 */
export function becomeBatchThread(): boolean {
  if (process.platform !== "linux") return false;
  const library = openLibrary();
  if (library === undefined) return false;
  // 0 is the calling thread.
  return library.symbols.sched_setscheduler(0, SCHED_BATCH, ptr(PARAMETERS)) === 0;
}

function openLibrary() {
  try {
    const types = { args: ["i32", "i32", "ptr"], returns: "i32" } as const;
    return dlopen("libc.so.6", { sched_setscheduler: types });
  } catch {
    // Not glibc.
    return undefined;
  }
}

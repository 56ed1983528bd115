import type { KeyValueStorage } from "./client-types.ts";

/** What a client keeps while a person signs in elsewhere: the proof that it began the sign-in. */
export interface SignInFlow {
  keep(flow: string): void;
  /** What was kept, once, when the address is where a provider sends people back to. */
  take(callbackUrl: string): string | null;
}

/** For one server, in a storage that outlives leaving the page, and belongs to this tab. */
export function createSignInFlow(url: string, storage: KeyValueStorage): SignInFlow {
  const key = `tessera:sign-in:${new URL(url).origin}`;
  return {
    keep: (flow) => storage.setItem(key, flow),
    take(callbackUrl) {
      const { searchParams } = new URL(callbackUrl);
      // RFC 6749, section 4.1.2: a code or an error, and the state.
      if (!searchParams.has("state")) return null;
      const flow = storage.getItem(key);
      storage.removeItem(key);
      return flow;
    },
  };
}

/** What a game sees of a client: accounts, the typed API, and the way into a world. */
import type { Clock } from "#shared/time/clock.ts";
import type { ApiClient } from "./api.ts";
import type { BlocksSession } from "./blocks/blocks-session-types.ts";
import type { GameSocketClass } from "./connection.ts";
import type { JoinOptions, Session } from "./session-types.ts";

/** The logged-in player. */
export interface ClientPlayer {
  readonly id: string;
  /** Null for guests. */
  readonly username: string | null;
  readonly displayName: string;
  readonly role: string;
  readonly guest: boolean;
}

/** Where tokens are kept between visits; `localStorage` fits. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Everything but `url` is for tests and unusual hosts. */
export interface ClientOptions {
  /** Of the server, e.g. http://127.0.0.1:8088 */
  readonly url: string;
  /** For all logins; without it `localStorage`, `sessionStorage` for guests, else memory. */
  readonly storage?: KeyValueStorage;
  readonly clock?: Clock;
  /** Uniform in [0, 1); spreads reconnects. */
  readonly random?: () => number;
  /** Not to be guessed; makes the ids of durable actions. */
  readonly randomBytes?: (length: number) => Uint8Array;
  readonly fetch?: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  readonly WebSocket?: GameSocketClass;
  /**
   * For subscriptions, where the host has none, such as Bun: the one of the npm package
   * eventsource, which sends the token. For a host's own, streams are opened by tickets.
   */
  readonly EventSource?: typeof EventSource;
}

/** One player's way to a Tessera deployment. */
export interface Client {
  /** Null before `guest`, `register` or `logIn`, and after `logOut`. */
  readonly player: ClientPlayer | null;
  /** Every procedure of the server, typed; authentication is handled. */
  readonly api: ApiClient;
  /** Resumes the stored login; null when there is none or it has expired. */
  restore(): Promise<ClientPlayer | null>;
  /** A new player without an account; the stored guest comes back when there is one. */
  guest(options?: { displayName?: string }): Promise<ClientPlayer>;
  register(options: {
    username: string;
    password: string;
    displayName?: string;
  }): Promise<ClientPlayer>;
  logIn(options: { username: string; password: string }): Promise<ClientPlayer>;
  /**
   * Begins a sign-in at the deployment's OpenID provider: the address to send the person to. It
   * comes back to `redirectUrl`, which the deployment must allow; auth.listProviders tells whether
   * there is a provider.
   */
  beginSignIn(options: { redirectUrl: string }): Promise<string>;
  /**
   * Ends it, with the whole address that the person came back to; null when that is not the end of
   * a sign-in that began in this tab. With `link` the player who is logged in becomes that person,
   * and a guest loses nothing.
   */
  finishSignIn(options: { callbackUrl: string; link?: boolean }): Promise<ClientPlayer | null>;
  logOut(): Promise<void>;
  /** Resolves when the player is in the world. */
  join<World extends keyof Sessions>(
    worldId: World,
    options?: JoinOptions,
  ): Promise<Sessions[World]>;
}

/** The session of each world. */
export interface Sessions {
  arena: Session;
  /** Its viewport counts blocks. */
  blocks: BlocksSession;
}

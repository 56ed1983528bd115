import { systemClock } from "#shared/time/clock.ts";
import { createApi, isUnauthorized } from "./api.ts";
import { GameArenaSession } from "./arena/arena-session.ts";
import { GameBlocksSession } from "./blocks/blocks-session.ts";
import type { Client, ClientOptions, ClientPlayer, Sessions } from "./client-types.ts";
import { Credentials } from "./credentials.ts";
import { hostRandom, hostRandomBytes, hostStorages, withHostLock } from "./host.ts";
import type { JoinOptions } from "./session-types.ts";
import { createSignInFlow, type SignInFlow } from "./sign-in-flow.ts";
import { createTokenStore, type StoredLogin } from "./token-store.ts";
import type { SessionOptions } from "./world-session.ts";

/** Opens the way to a Tessera deployment; nothing is sent before the first call. */
export function createClient(options: ClientOptions): Client {
  return new TesseraClient(options);
}

class TesseraClient implements Client {
  readonly api: Client["api"];
  readonly #options: ClientOptions;
  readonly #credentials: Credentials;
  readonly #flow: SignInFlow;

  constructor(options: ClientOptions) {
    const { storage } = options;
    const storages = storage === undefined ? hostStorages() : { lasting: storage, tab: storage };
    const open = createApi(options);
    this.#options = options;
    this.#flow = createSignInFlow(options.url, storages.tab);
    this.#credentials = new Credentials({
      store: createTokenStore(options.url, storages),
      refresh: async (refreshToken) => loginOf(await open.auth.refresh.mutate({ refreshToken })),
      refused: isUnauthorized,
      lock: (work) => withHostLock(`tessera:refresh:${options.url}`, work),
    });
    this.api = createApi({ ...options, credentials: this.#credentials });
  }

  get player(): ClientPlayer | null {
    return this.#credentials.player;
  }

  async restore(): Promise<ClientPlayer | null> {
    if (!this.#credentials.load()) return null;
    try {
      const player = await this.api.players.me.query();
      this.#credentials.rename(playerOf(player));
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      this.#credentials.clear();
    }
    return this.player;
  }

  async guest(options: { displayName?: string } = {}): Promise<ClientPlayer> {
    const known = this.player ?? (await this.restore());
    if (known?.guest) return known;
    return this.#adopt(await this.api.auth.guest.mutate(options));
  }

  async register(options: Parameters<Client["register"]>[0]): Promise<ClientPlayer> {
    return this.#adopt(await this.api.auth.register.mutate(options));
  }

  async logIn(options: { username: string; password: string }): Promise<ClientPlayer> {
    return this.#adopt(await this.api.auth.logIn.mutate(options));
  }

  async beginSignIn({ redirectUrl }: { redirectUrl: string }): Promise<string> {
    const { url, flow } = await this.api.auth.beginOidc.mutate({ redirectUrl });
    this.#flow.keep(flow);
    return url;
  }

  async finishSignIn(options: Parameters<Client["finishSignIn"]>[0]): Promise<ClientPlayer | null> {
    const { callbackUrl, link = false } = options;
    const flow = this.#flow.take(callbackUrl);
    if (flow === null) return null;
    return this.#adopt(await this.api.auth.finishOidc.mutate({ flow, callbackUrl, link }));
  }

  async logOut(): Promise<void> {
    const { refreshToken } = this.#credentials;
    if (refreshToken === null) return;
    try {
      await this.api.auth.logOut.mutate({ refreshToken });
    } finally {
      this.#credentials.clear();
    }
  }

  async join<World extends keyof Sessions>(
    worldId: World,
    options: JoinOptions = {},
  ): Promise<Sessions[World]> {
    const { region } = options;
    const parts = {
      clock: this.#options.clock ?? systemClock,
      random: this.#options.random ?? hostRandom,
      randomBytes: this.#options.randomBytes ?? hostRandomBytes,
      WebSocket: this.#options.WebSocket ?? globalThis.WebSocket,
      ...(options.viewport === undefined ? {} : { viewport: options.viewport }),
      ticket: () =>
        this.api.worlds.join.mutate(region === undefined ? { worldId } : { worldId, region }),
      refused: isUnauthorized,
    };
    const session = SESSIONS[worldId](parts);
    try {
      await session.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`cannot join ${worldId}: ${reason}`, { cause: error });
    }
    return session;
  }

  #adopt(login: Parameters<typeof loginOf>[0]): ClientPlayer {
    const stored = loginOf(login);
    this.#credentials.adopt(stored);
    return stored.player;
  }
}

const SESSIONS: {
  [World in keyof Sessions]: (options: SessionOptions) => Sessions[World] & Startable;
} = {
  arena: (options) => new GameArenaSession(options),
  blocks: (options) => new GameBlocksSession(options),
};

interface Startable {
  start(): Promise<void>;
}

function loginOf(login: StoredLogin): StoredLogin {
  const { accessToken, refreshToken } = login;
  return { player: playerOf(login.player), accessToken, refreshToken };
}

function playerOf(player: ClientPlayer): ClientPlayer {
  const { id, username, displayName, role, guest } = player;
  return { id, username, displayName, role, guest };
}

import type { ClientPlayer } from "./client-types.ts";
import type { StoredLogin, TokenStore } from "./token-store.ts";

export interface CredentialsOptions {
  readonly store: TokenStore;
  /** Asks the server for new tokens; throws when it refuses or cannot be reached. */
  readonly refresh: (refreshToken: string) => Promise<StoredLogin>;
  /** Tells a refusal from trouble on the way. */
  readonly refused: (error: unknown) => boolean;
  /** Keeps other tabs from using the same refresh token, which is good for one use only. */
  readonly lock: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * The tokens in use. The access token is used until the server refuses it; then there is one
 * refresh, however many calls wait for it.
 */
export class Credentials {
  readonly #options: CredentialsOptions;
  #login: StoredLogin | null = null;
  #stale = false;
  #refreshing: Promise<void> | undefined;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  get player(): ClientPlayer | null {
    return this.#login?.player ?? null;
  }

  get refreshToken(): string | null {
    return this.#login?.refreshToken ?? null;
  }

  /** Takes up the stored login, if any. */
  load(): boolean {
    this.#login = this.#options.store.load();
    this.#stale = false;
    return this.#login !== null;
  }

  /** A new login, or new tokens of the same. */
  adopt(login: StoredLogin): void {
    this.#login = login;
    this.#stale = false;
    this.#options.store.save(login);
  }

  /** The player changed its name. */
  rename(player: ClientPlayer): void {
    if (this.#login !== null) this.adopt({ ...this.#login, player });
  }

  clear(): void {
    // In another tab somebody else may have logged in since; that login stays.
    const id = this.#options.store.load()?.player.id;
    if (id !== undefined && id === this.#login?.player.id) this.#options.store.clear();
    this.#login = null;
    this.#stale = false;
  }

  /** The server refused `token`. True when another try may succeed. */
  reject(token: string): boolean {
    if (this.#login === null) return false;
    if (this.#login.accessToken === token) this.#stale = true;
    return true;
  }

  /** The token for the next call, refreshed first when the last one was refused. */
  async accessToken(): Promise<string | null> {
    if (this.#stale) {
      this.#refreshing ??= this.#refresh().finally(() => {
        this.#refreshing = undefined;
      });
      await this.#refreshing;
    }
    return this.#login?.accessToken ?? null;
  }

  async #refresh(): Promise<void> {
    await this.#options.lock(async () => {
      const known = this.#login;
      if (known === null) return;
      const stored = this.#options.store.load();
      if (stored?.player.id === known.player.id && stored.refreshToken !== known.refreshToken) {
        // Another tab was quicker.
        this.#login = stored;
        this.#stale = false;
        return;
      }
      try {
        this.adopt(await this.#options.refresh(known.refreshToken));
      } catch (error) {
        if (!this.#options.refused(error)) throw error;
        this.clear();
      }
    });
  }
}

import type { ClientPlayer, KeyValueStorage } from "./client-types.ts";

/** A login as it is kept between visits. */
export interface StoredLogin {
  readonly player: ClientPlayer;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Keeps one login. */
export interface TokenStore {
  load(): StoredLogin | null;
  save(login: StoredLogin): void;
  clear(): void;
}

/** Storages by what they outlive. */
export interface Storages {
  /** Outlives the page: accounts. */
  readonly lasting: KeyValueStorage;
  /** Belongs to one tab: guests, so that a second window is a second player. */
  readonly tab: KeyValueStorage;
}

/** A store for one server in the given storages; unreadable entries count as none. */
export function createTokenStore(url: string, storages: Storages): TokenStore {
  const key = `tessera:login:${new URL(url).origin}`;
  const both = [storages.tab, storages.lasting];
  return {
    load() {
      for (const storage of both) {
        const login = parseLogin(storage.getItem(key));
        if (login !== null) return login;
      }
      return null;
    },
    save(login) {
      // An account takes the place of this tab's guest; a guest leaves other tabs' account alone.
      if (!login.player.guest) storages.tab.removeItem(key);
      const storage = login.player.guest ? storages.tab : storages.lasting;
      storage.setItem(key, JSON.stringify(login));
    },
    clear() {
      const login = this.load();
      if (login === null) return;
      const storage = login.player.guest ? storages.tab : storages.lasting;
      storage.removeItem(key);
    },
  };
}

/** A storage that forgets with the process. */
export function createMemoryStorage(): KeyValueStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value);
    },
    removeItem: (key) => {
      items.delete(key);
    },
  };
}

function parseLogin(text: string | null): StoredLogin | null {
  if (text === null) return null;
  try {
    const value: Partial<StoredLogin> = JSON.parse(text);
    const { player, accessToken, refreshToken } = value;
    if (typeof player?.id !== "string" || typeof player.displayName !== "string") return null;
    if (typeof accessToken !== "string" || typeof refreshToken !== "string") return null;
    return { player, accessToken, refreshToken };
  } catch {
    return null;
  }
}

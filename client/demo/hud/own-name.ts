/** What becomes of the own name. */
export interface OwnNameTold {
  /** Another name counts. */
  readonly taken: (name: string) => void;
  /** It stays as it was; the message is for people. */
  readonly refused: (message: string) => void;
}

/** The own name as it is wanted: one change at a time, and of several wishes the last counts. */
export class OwnName {
  readonly #rename: (name: string) => Promise<void>;
  readonly #told: OwnNameTold;
  #counts = "";
  #wanted = "";
  #isBusy = false;

  /** `rename` rejects with a message for people when the name is refused. */
  constructor(rename: (name: string) => Promise<void>, told: OwnNameTold) {
    this.#rename = rename;
    this.#told = told;
  }

  /** The name that counts. */
  get current(): string {
    return this.#counts;
  }

  /** The server's word, which a change that is on its way will follow. */
  know(name: string): void {
    if (this.#isBusy) return;
    this.#counts = name;
    this.#wanted = name;
  }

  /** Resolves when it counts or was refused, as all that were wanted before. */
  async want(name: string): Promise<void> {
    this.#wanted = name;
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#wanted !== this.#counts) await this.#change(this.#wanted);
    this.#isBusy = false;
  }

  async #change(name: string): Promise<void> {
    try {
      await this.#rename(name);
      this.#counts = name;
      this.#told.taken(name);
    } catch (error) {
      if (this.#wanted !== name) return;
      this.#wanted = this.#counts;
      this.#told.refused(error instanceof Error ? error.message : String(error));
    }
  }
}

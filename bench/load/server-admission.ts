import type { Admission, Door } from "./admission.ts";

export interface ServerAdmissionOptions {
  /** Of the server, such as http://127.0.0.1:8088. */
  readonly url: string;
  readonly world: string;
}

/** An answer that takes longer counts as a failure, which is tried again. */
const ANSWER_MS_MAX = 10_000;

/**
 * In through the front door: each client is a guest of its own, who asks for a ticket whenever it
 * needs one. The server limits guests from one address, except from its own machine.
 */
export class ServerAdmission implements Admission {
  readonly #options: ServerAdmissionOptions;
  readonly #accessTokens = new Map<number, string>();

  constructor(options: ServerAdmissionOptions) {
    this.#options = options;
  }

  async admit(index: number): Promise<Door> {
    const known = this.#accessTokens.get(index);
    const accessToken = known ?? (await this.#becomeGuest(index));
    this.#accessTokens.set(index, accessToken);
    try {
      const answer = await this.#post(`/api/worlds/${this.#options.world}/join`, {}, accessToken);
      return { address: readText(answer, "address"), ticket: readText(answer, "ticket") };
    } catch (error) {
      // The token may be too old by now: the next attempt is a new guest's.
      this.#accessTokens.delete(index);
      throw error;
    }
  }

  async #becomeGuest(index: number): Promise<string> {
    const answer = await this.#post("/api/auth/guest", { displayName: `Load ${index}` });
    return readText(answer, "accessToken");
  }

  async #post(path: string, body: object, accessToken?: string): Promise<unknown> {
    const response = await fetch(new URL(path, this.#options.url), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new Error(`${path} answers ${response.status}: ${readMessage(text)}`);
  }
}

function readText(answer: unknown, name: string): string {
  const fields = new Map(Object.entries(answer ?? {}));
  const value: unknown = fields.get(name);
  if (typeof value === "string") return value;
  throw new Error(`the server's answer has no ${name}`);
}

/** The server's own words where it says `{"error": {"message": …}}`, else what it says. */
function readMessage(text: string): string {
  try {
    const { error }: { error?: unknown } = JSON.parse(text);
    return readText(error, "message");
  } catch {
    return text.slice(0, 200);
  }
}

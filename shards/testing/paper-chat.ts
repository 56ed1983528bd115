// A chat server on paper: what the real one decides is the test's to say.
import type { RelayedLine, RelayedResult, Standing } from "#shared/model/chat-relay.ts";
import type { ChatServer } from "../chat/chat-server.ts";

/** Says everything, knows everybody by their id, and nobody is muted or blocked unless told. */
export class PaperChat implements ChatServer {
  /** While true nothing is answered. */
  away = false;
  /** While set, answers wait for it. */
  hold: Promise<void> | undefined;
  readonly lines: RelayedLine[] = [];
  readonly asked: string[][] = [];
  readonly standings = new Map<string, Partial<Standing>>();
  /** What becomes of a line, where it is not just said. */
  refuse: (line: RelayedLine) => Partial<RelayedResult> = () => ({});

  async relay(lines: readonly RelayedLine[]): Promise<readonly RelayedResult[]> {
    await this.#answer();
    this.lines.push(...lines);
    const said = {
      outcome: "said",
      message: "",
      cursor: "7",
      untilMs: null,
      retryAfterMs: 0,
    } as const;
    return lines.map((line) => ({ ...said, ...this.refuse(line) }));
  }

  async listStandings(players: readonly string[]): Promise<readonly Standing[]> {
    this.asked.push([...players]);
    await this.#answer();
    return players.map((playerId) => {
      const known = { playerId, name: playerId, mute: null, blocks: [] };
      return { ...known, ...this.standings.get(playerId) };
    });
  }

  async #answer(): Promise<void> {
    await this.hold;
    if (this.away) throw new Error("the server is away");
  }
}

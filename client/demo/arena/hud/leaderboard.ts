/** Who is best among those in sight. */

/** Lines on the board. */
export const BOARD_LENGTH_MAX = 6;

/** What the board needs of a player. */
export interface BoardPlayer {
  readonly id: number;
  readonly name: string;
  readonly score: number;
  readonly self: boolean;
}

/** The best by score, then by name; the own player always has a line. */
export function rankPlayers<Player extends BoardPlayer>(players: readonly Player[]): Player[] {
  const sorted = [...players].sort(
    (a, b) => b.score - a.score || a.name.localeCompare(b.name) || a.id - b.id,
  );
  const best = sorted.slice(0, BOARD_LENGTH_MAX);
  const self = sorted.find((player) => player.self);
  if (self !== undefined && !best.includes(self)) best[BOARD_LENGTH_MAX - 1] = self;
  return best;
}

/** Writes the board's lines. */
export function drawBoard(
  list: HTMLElement,
  players: readonly BoardPlayer[],
  colourOf: (id: number) => string,
): void {
  const lines = players.map((player) => {
    const line = document.createElement("li");
    line.className = player.self ? "self" : "";
    const dot = document.createElement("i");
    dot.style.background = colourOf(player.id);
    const name = document.createElement("span");
    name.textContent = player.name;
    const score = document.createElement("b");
    score.textContent = String(player.score);
    line.append(dot, name, score);
    return line;
  });
  list.replaceChildren(...lines);
}

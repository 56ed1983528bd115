import { formatFigure } from "../report.ts";
import type { LoadProgress } from "./load-run.ts";
import type { Moment } from "./moments.ts";

const BAR_WIDTH = 24;
/** Without a terminal a line is written once in so many moments. */
const PLAIN_EVERY = 5;

export interface Terminal {
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** Tells how far a load test is: a bar that moves, or plain lines where nothing can move. */
export function createProgress({ isTerminal, write }: Terminal): LoadProgress {
  let count = 0;
  return {
    said: (line) => write(`${isTerminal ? CLEAR_LINE : ""}${line}\n`),
    moved(phase, share, moment) {
      const text = `${phase} ${describeMoment(moment)}`;
      if (isTerminal) write(`${CLEAR_LINE}${drawBar(share)} ${text}`);
      else if (count++ % PLAIN_EVERY === 0) write(`${Math.round(share * 100)} % ${text}\n`);
    },
  };
}

const CLEAR_LINE = "\r\u001b[2K";

function drawBar(share: number): string {
  const full = Math.round(share * BAR_WIDTH);
  return `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}`;
}

function describeMoment(moment: Moment): string {
  const { players, framesPerSecond, ackMsP50, ackMsP99, observerMsP99, pingMsP99 } = moment;
  const { shardCpuPercent, shardRssMB } = moment;
  const parts = [
    `${players.toLocaleString("en-US")} players`,
    `${Math.round(framesPerSecond).toLocaleString("en-US")} frames/s`,
    `ack ${formatFigure(ackMsP50)}/${formatFigure(ackMsP99)} ms`,
  ];
  // 0: nobody has seen anybody, or been answered, in this second.
  if (observerMsP99 > 0) parts.push(`seen ${formatFigure(observerMsP99)} ms`);
  if (pingMsP99 > 0) parts.push(`ping ${formatFigure(pingMsP99)} ms`);
  if (shardCpuPercent !== undefined && shardRssMB !== undefined) {
    parts.push(`shard ${Math.round(shardCpuPercent)} % ${Math.round(shardRssMB)} MB`);
  }
  return parts.join(" · ");
}

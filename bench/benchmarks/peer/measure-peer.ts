import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const RUN = join(import.meta.dir, "../../peers/colyseus/run.ts");

/** What the peer tells of a measurement, as far as it is compared. */
const PeerFigures = z.object({
  versions: z.record(z.string(), z.string()),
  players: z.number(),
  latenessMsP99: z.number(),
  tickRate: z.number(),
  cpuPercent: z.number(),
  rssMB: z.number(),
  bytesPerClientPerSecond: z.number(),
  framesPerClientPerSecond: z.number(),
  entitiesInViewMean: z.number(),
  isHeld: z.boolean(),
});

export type PeerFigures = z.output<typeof PeerFigures>;

/** How the peer is measured; see its README. */
export interface PeerTask {
  readonly players: number;
  readonly seconds: number;
  /** Ticks, each with a patch, per second. */
  readonly rate: number;
  /** What clients are told of motion: changes of direction, or every position. */
  readonly motion: "directions" | "positions";
  /** Look for the most players that are held, up to `players`. */
  readonly findLimit: boolean;
}

/** Runs the peer in processes of its own and reads what it found. */
export async function measurePeer(task: PeerTask): Promise<PeerFigures> {
  const folder = mkdtempSync(join(tmpdir(), "tessera-peer-"));
  const file = join(folder, "peer.json");
  const { players, seconds, rate, motion } = task;
  const words = ["--players", players, "--seconds", seconds, "--rate", rate, "--motion", motion];
  try {
    const child = Bun.spawn(
      [
        process.execPath,
        RUN,
        ...words.map(String),
        ...(task.findLimit ? ["--find-limit"] : []),
        "--json",
        file,
      ],
      // Its figures are said again by whoever asked; progress goes where progress goes.
      { stdio: ["ignore", process.stderr.fd, "inherit"] },
    );
    const code = await child.exited;
    if (code !== 0) throw new Error(`cannot measure the peer: exit code ${code}`);
    return PeerFigures.parse(await Bun.file(file).json());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the swarm saw since the last reset. */
export interface SwarmFigures {
  readonly players: number;
  readonly observers: number;
  readonly seconds: number;
  readonly bytesPerClientPerSecond: number;
  readonly framesPerClientPerSecond: number;
  /** From an input to the patch that acknowledges it, of the observers. */
  readonly ackMsP50: number;
  readonly ackMsP99: number;
  readonly observedInViewMean: number;
  readonly disconnects: number;
  readonly cpuPercent: number;
}

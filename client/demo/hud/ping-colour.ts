/** Green is good, red hurts. */
export function pingColour(rttMs: number): string {
  if (rttMs < 80) return "#8ce99a";
  return rttMs < 180 ? "#ffd76a" : "#ff8f80";
}

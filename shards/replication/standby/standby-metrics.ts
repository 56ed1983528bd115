import type { Metrics } from "#shared/infra/metrics.ts";
import { FOLLOW_STATES } from "./follow-status.ts";
import type { StandbyHealth } from "./standby-http.ts";

/** What a standby is told by numbers, read when somebody asks. */
export function addStandbyMetrics(
  metrics: Metrics,
  options: { tickRate: number; health: () => StandbyHealth },
): void {
  const { tickRate, health } = options;
  metrics.gaugeOf("tessera_standby_tick", "Last tick that was re-simulated.", () => health().tick);
  metrics.gaugeOf("tessera_standby_lag_ticks", "Ticks behind what the owner last told of.", () => {
    return health().lag_ticks;
  });
  metrics.gaugeOf("tessera_standby_lag_seconds", "How far the standby is behind.", () => {
    return health().lag_ticks / tickRate;
  });
  const help = "1: it would take over if the owner were gone.";
  metrics.gaugeOf("tessera_standby_can_take_over", help, () => (health().can_take_over ? 1 : 0));
  metrics.gaugeOf("tessera_standby_state", "1 for the state in which the following is.", () => {
    const { replica } = health();
    return FOLLOW_STATES.map((state) => ({
      labels: { state },
      value: state === replica ? 1 : 0,
    }));
  });
}

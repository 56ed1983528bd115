import type { GatewayHandle, GatewayHostOptions } from "./gateway-host.ts";
import { type GatewayInit, startGatewayUnit } from "./gateway-unit.ts";

/** A gateway on the loop's own thread, over the very same link: for tests and tiny shards. */
export async function openInlineGateway(
  init: GatewayInit,
  { clock, ask }: GatewayHostOptions,
): Promise<GatewayHandle> {
  const unit = startGatewayUnit(init, {
    clock,
    originMs: 0,
    ask,
    yieldTo: (callback) => void clock.schedule(0, callback),
  });
  return {
    port: unit.port,
    wake: () => unit.pump(),
    sayGoodbye: async () => unit.sayGoodbye(),
    close: () => unit.stop(),
  };
}

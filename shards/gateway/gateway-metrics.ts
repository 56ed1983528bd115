import type { Metrics } from "#shared/infra/metrics.ts";

/** What the gateway counts. */
export interface GatewayMetrics {
  received(bytes: number): void;
  droppedMessage(): void;
  sentFrame(bytes: number): void;
  skippedFrame(): void;
  closed(code: number): void;
  refused(why: "origin" | "address" | "upgrade"): void;
}

/** The gateway's families on `/metrics`. */
export function createGatewayMetrics(metrics: Metrics): GatewayMetrics {
  const received = metrics.counter("tessera_gateway_messages_total", "Messages from clients.");
  const receivedBytes = metrics.counter(
    "tessera_gateway_received_bytes_total",
    "Bytes of messages from clients.",
  );
  const dropped = metrics.counter(
    "tessera_gateway_messages_dropped_total",
    "Messages beyond a connection's rate.",
  );
  const frames = metrics.counter("tessera_gateway_frames_total", "Tick frames to clients.");
  const frameBytes = metrics.counter("tessera_gateway_frame_bytes_total", "Bytes of tick frames.");
  const skipped = metrics.counter(
    "tessera_gateway_frames_skipped_total",
    "Tick frames not sent because the client does not read.",
  );
  const closed = metrics.counter(
    "tessera_gateway_closed_total",
    "Connections closed by the shard, by close code.",
    ["code"],
  );
  const refused = metrics.counter(
    "tessera_gateway_refused_total",
    "Connections refused before the upgrade.",
    ["why"],
  );
  return {
    received(bytes) {
      received.inc();
      receivedBytes.inc(bytes);
    },
    droppedMessage: () => dropped.inc(),
    sentFrame(bytes) {
      frames.inc();
      frameBytes.inc(bytes);
    },
    skippedFrame: () => skipped.inc(),
    closed: (code) => closed.inc({ code: String(code) }),
    refused: (why) => refused.inc({ why }),
  };
}

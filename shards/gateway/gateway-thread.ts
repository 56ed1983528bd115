// A gateway's thread: it owns game sockets, and sleeps until they or the loop have something.
import { systemClock } from "#shared/time/clock.ts";
import { type GatewayInit, type GatewayUnit, startGatewayUnit } from "./gateway-unit.ts";
import type { HttpAnswer, HttpQuestion } from "./http-relay.ts";
import type { FromGatewayThread, ToGatewayThread } from "./thread-messages.ts";

declare const self: Worker;

const questions = new Map<number, (answer: HttpAnswer) => void>();
let lastQuestion = 0;
let unit: GatewayUnit | undefined;

self.onmessage = ({ data }: MessageEvent<ToGatewayThread>) => {
  switch (data.kind) {
    case "open":
      open(data.init);
      break;
    case "answer":
      questions.get(data.id)?.(data.answer);
      questions.delete(data.id);
      break;
    case "goodbye":
      unit?.pump();
      unit?.sayGoodbye();
      tell({ kind: "saidGoodbye" });
      break;
    case "close":
      void close();
      break;
  }
};

function open(init: GatewayInit): void {
  try {
    unit = startGatewayUnit(init, {
      clock: systemClock,
      originMs: performance.timeOrigin,
      ask,
      yieldTo: (callback) => setImmediate(callback),
    });
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    const message = error instanceof Error ? error.message : String(error);
    tell({ kind: "refused", message, isTaken });
    return;
  }
  tell({ kind: "listening", port: unit.port });
  void follow(unit);
}

/** Lets out what the loop writes, for as long as the gateway is open. */
async function follow(running: GatewayUnit): Promise<void> {
  for (let seen = running.header.signals; unit === running; ) {
    running.pump();
    seen = await running.header.signalAfter(seen);
  }
}

async function close(): Promise<void> {
  const running = unit;
  unit = undefined;
  await running?.stop();
  tell({ kind: "closed" });
}

/** The loop's thread knows the answers. */
function ask(question: HttpQuestion): Promise<HttpAnswer> {
  const id = ++lastQuestion;
  const { promise, resolve } = Promise.withResolvers<HttpAnswer>();
  questions.set(id, resolve);
  tell({ kind: "ask", id, question });
  return promise;
}

function tell(message: FromGatewayThread): void {
  self.postMessage(message);
}

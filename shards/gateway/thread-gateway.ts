import { EarlyThread, GATEWAY_THREAD } from "../early-thread.ts";
import type { GatewayHandle, GatewayHostOptions } from "./gateway-host.ts";
import type { GatewayInit } from "./gateway-unit.ts";
import type { FromGatewayThread, ToGatewayThread } from "./thread-messages.ts";

/** A gateway on a thread of its own; resolves once it listens. */
export async function openThreadGateway(
  init: GatewayInit,
  { ask, failed, threads }: GatewayHostOptions,
): Promise<GatewayHandle> {
  const thread = threads?.pop() ?? new EarlyThread(GATEWAY_THREAD, "gateway");
  const listening = Promise.withResolvers<number>();
  const saidGoodbye = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const worker = thread.take((event) => {
    listening.reject(new Error(event.message));
    failed(`gateway ${init.index} broke: ${event.message}`);
    saidGoodbye.resolve();
    closed.resolve();
  });
  const tell = (message: ToGatewayThread) => worker.postMessage(message);

  worker.onmessage = ({ data }: MessageEvent<FromGatewayThread>) => {
    switch (data.kind) {
      case "listening":
        listening.resolve(data.port);
        break;
      case "refused":
        worker.terminate();
        listening.reject(refusal(data));
        break;
      case "ask":
        void ask(data.question)
          .catch(() => NO_ANSWER)
          .then((answer) => tell({ kind: "answer", id: data.id, answer }));
        break;
      case "saidGoodbye":
        saidGoodbye.resolve();
        break;
      case "closed":
        closed.resolve();
        break;
    }
  };
  tell({ kind: "open", init });
  const port = await listening.promise;
  return {
    port,
    // The signal in shared memory wakes it.
    wake: () => undefined,
    sayGoodbye() {
      tell({ kind: "goodbye" });
      return saidGoodbye.promise;
    },
    async close() {
      tell({ kind: "close" });
      await closed.promise;
      worker.terminate();
    },
  };
}

const NO_ANSWER = { status: 500, contentType: "text/plain", body: "cannot answer" };

function refusal({ message, isTaken }: { message: string; isTaken: boolean }): Error {
  return isTaken ? Object.assign(new Error(message), { code: "EADDRINUSE" }) : new Error(message);
}

import { expect, test } from "bun:test";
import { ConfigurationError } from "#shared/infra/settings.ts";
import { ShardKey } from "#shared/model/ids.ts";
import type { RenewLeaseInput } from "#shared/model/leases.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { serveLeases } from "../testing/paper-authority.ts";
import { HttpLeaseAuthority } from "./lease-authority.ts";

const ID = "10000000-0000-4000-8000-000000000001";
const claim: RenewLeaseInput = {
  shardKey: ShardKey.parse("arena:1:eu-west-1"),
  holder: ID,
  databaseId: ID,
  databaseFile: "disk",
  epoch: 0,
  tick: 0,
  address: "ws://me/game",
};
const SERVER = { serverUrl: "http://server.test", clusterSecret: "secret" };

test("asks over HTTP and believes what it is told", async () => {
  await using server = serveLeases();
  const clock = new FakeClock();
  const authority = new HttpLeaseAuthority({ ...SERVER, serverUrl: server.url, clock });
  const acquired = await authority.acquire({ ...claim, takeOver: false });
  expect(acquired).toMatchObject({ outcome: "granted", lease: { epoch: 1, holder: ID } });
  expect(await authority.renew({ ...claim, epoch: 1 })).toEqual(acquired);
  const { shardKey, holder, tick } = claim;
  expect(await authority.release({ shardKey, holder, epoch: 1, tick })).toEqual({ released: true });
  expect(clock.pending).toBe(0);
});

test("names the shard in the path and shows the cluster secret", async () => {
  const seen: string[] = [];
  const authority = new HttpLeaseAuthority({
    ...SERVER,
    clock: new FakeClock(),
    send: async (request) => {
      seen.push(request.method, request.url, request.headers.get("authorization") ?? "");
      return new Response("no", { status: 404 });
    },
  });
  await expect(authority.renew(claim)).rejects.toThrow("the server answers 404: no");
  const url = "http://server.test/api/leases/arena%3A1%3Aeu-west-1/renew";
  expect(seen).toEqual(["POST", url, "Bearer secret"]);
});

test("a wrong secret is a wrong setting, and says which", async () => {
  const send = async () => new Response("", { status: 401 });
  const authority = new HttpLeaseAuthority({ ...SERVER, clock: new FakeClock(), send });
  const asking = authority.renew(claim);
  await expect(asking).rejects.toThrow(ConfigurationError);
  await expect(asking).rejects.toThrow("give both the same TESSERA_CLUSTER_SECRET");
});

test("an answer that does not come is not waited for", async () => {
  const clock = new FakeClock();
  const send = (request: Request) =>
    new Promise<Response>((_, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
    });
  const authority = new HttpLeaseAuthority({ ...SERVER, clock, send });
  const asking = authority.renew(claim);
  clock.advance(1_000);
  await expect(asking).rejects.toThrow("no answer within 1000 ms");
});

import { describe, expect, test } from "bun:test";
import type { Credentials } from "#shared/model/auth.ts";
import {
  createTestServer,
  readCredentials,
  readError,
  type TestServer,
} from "../../testing/test-server.ts";

const ADA = { username: "Ada", password: "correct horse" };
const DEVICE = "kX7pQ2mV9sL4tR8wB3nC6yF1hJ5dG0zA";
const OTHER_DEVICE = "zA0Gd5Jh1Fy6Cn3Bw8Rt4Ls9Vm2Qp7Xk";

const upgrade = (server: TestServer, { accessToken: token }: Credentials, body: object = ADA) =>
  server.call("POST", "/api/auth/upgrade", { token, body });
const logInDevice = (server: TestServer, deviceKey: string) =>
  server.call("POST", "/api/auth/log-in-device", { body: { deviceKey } });

describe("auth.upgrade", () => {
  test("the guest stays who it is, with its logins, and has a way back", async () => {
    await using server = await createTestServer();
    const guest = await server.guest("Grace");
    server.publishShard();
    const token = guest.accessToken;
    const joined = await server.call("POST", "/api/worlds/arena/join", { token, body: {} });
    expect(joined.status).toBe(200);
    const answer = await upgrade(server, guest);
    expect(answer.body).toEqual({ ...guest.player, username: "Ada", guest: false });
    const me = await server.call("GET", "/api/players/me", { token });
    expect(me.body).toEqual(answer.body);
    const again = await server.call("POST", "/api/auth/log-in", { body: ADA });
    expect(readCredentials(again).player.id).toBe(guest.player.id);
    const refreshed = await server.call("POST", "/api/auth/refresh", { body: guest });
    expect(readCredentials(refreshed).player).toEqual(readCredentials(again).player);
    const { rows } = await server.deps.database.client.execute("SELECT player_id FROM placements");
    expect(rows.map((row) => row[0])).toEqual([guest.player.id]);
  });

  test("a name that is taken is refused, and the guest stays one", async () => {
    await using server = await createTestServer();
    await server.call("POST", "/api/auth/register", { body: ADA });
    const guest = await server.guest();
    const answer = await upgrade(server, guest, { ...ADA, username: "ADA" });
    expect(readError(answer).code).toBe("USERNAME_TAKEN");
    const token = guest.accessToken;
    expect((await server.call("GET", "/api/players/me", { token })).body).toEqual(guest.player);
  });

  test("of two upgrades at once one is done, and a third is refused", async () => {
    await using server = await createTestServer();
    const guest = await server.guest();
    const answers = await Promise.all([
      upgrade(server, guest),
      upgrade(server, guest, { ...ADA, username: "Bob" }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(readError(await upgrade(server, guest)).code).toBe("CONFLICT");
  });
});

describe("auth.logInDevice", () => {
  test("a device is the same player each time, and another device another one", async () => {
    await using server = await createTestServer();
    const first = readCredentials(await logInDevice(server, DEVICE));
    expect(first.player.guest).toBe(true);
    const second = readCredentials(await logInDevice(server, DEVICE));
    expect(second.player).toEqual(first.player);
    const other = readCredentials(await logInDevice(server, OTHER_DEVICE));
    expect(other.player.id).not.toBe(first.player.id);
  });

  test("a device that comes many times at once makes one player", async () => {
    await using server = await createTestServer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => logInDevice(server, DEVICE)));
    expect(new Set(answers.map((one) => readCredentials(one).player.id)).size).toBe(1);
    const { rows } = await server.deps.database.client.execute("SELECT count(*) FROM players");
    expect(rows[0]?.[0]).toBe(1);
  });

  test("the key is kept as a hash, and one that can be guessed is refused", async () => {
    await using server = await createTestServer();
    await logInDevice(server, DEVICE);
    const { rows } = await server.deps.database.client.execute("SELECT * FROM identities");
    expect(JSON.stringify(rows)).not.toContain(DEVICE);
    for (const weak of ["123456", "0".repeat(40), `${"ab".repeat(20)}`]) {
      expect(readError(await logInDevice(server, weak)).code).toBe("INVALID_INPUT");
    }
  });

  test("after an upgrade the device still logs the same player in", async () => {
    await using server = await createTestServer();
    const first = readCredentials(await logInDevice(server, DEVICE));
    await upgrade(server, first);
    const again = readCredentials(await logInDevice(server, DEVICE));
    expect(again.player).toMatchObject({ id: first.player.id, username: "Ada", guest: false });
  });
});

describe("auth.linkDevice", () => {
  const link = (server: TestServer, token: string) =>
    server.call("POST", "/api/auth/devices", { token, body: { deviceKey: DEVICE } });

  test("a linked device logs the account in, until it is unlinked", async () => {
    await using server = await createTestServer();
    const ada = readCredentials(await server.call("POST", "/api/auth/register", { body: ADA }));
    const token = ada.accessToken;
    for (const _ of [1, 2]) expect((await link(server, token)).body).toEqual({ linked: true });
    expect(readCredentials(await logInDevice(server, DEVICE)).player).toEqual(ada.player);
    const gone = await server.call("DELETE", "/api/auth/devices", { token });
    expect(gone.body).toEqual({ unlinked: 1 });
    const after = readCredentials(await logInDevice(server, DEVICE));
    expect(after.player.id).not.toBe(ada.player.id);
  });

  test("another player's device is not taken over, and a guest keeps its own", async () => {
    await using server = await createTestServer();
    const owner = readCredentials(await logInDevice(server, DEVICE));
    const eve = await server.guest();
    expect(readError(await link(server, eve.accessToken)).code).toBe("CONFLICT");
    const token = owner.accessToken;
    const gone = await server.call("DELETE", "/api/auth/devices", { token });
    expect(readError(gone).message).toContain("use auth.upgrade first");
  });
});

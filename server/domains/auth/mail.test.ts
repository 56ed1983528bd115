import { describe, expect, test } from "bun:test";
import { SmtpMailer } from "#shared/infra/mail/smtp-mailer.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { type MailBox, openMailBox, readLink } from "../../testing/mail-box.ts";
import { spawnServer } from "../../testing/server-process.ts";
import {
  createTestServer,
  readCredentials,
  readError,
  type TestServer,
} from "../../testing/test-server.ts";
import { MAILS_PER_ADDRESS_MAX } from "./mail-limiter.ts";

const ADA = { username: "Ada", password: "correct horse" };
const ADDRESS = "ada@example.com";
const FROM = "no-reply@play.test";

async function openServer(box: MailBox): Promise<TestServer> {
  const server = await createTestServer({ mailer: new SmtpMailer({ url: box.url, from: FROM }) });
  server.deps.mail.start("https://play.test");
  return server;
}

const requestReset = (server: TestServer, email: string) =>
  server.call("POST", "/api/auth/request-password-reset", { body: { email } });
const post = (server: TestServer, path: string, body: object) =>
  server.call("POST", `/api/auth/${path}`, { body });
const setEmail = (server: TestServer, token: string, email = ADDRESS) =>
  server.call("POST", "/api/auth/email", { token, body: { email, password: ADA.password } });

/** Lets time pass until nothing waits to be sent. */
async function settle(server: TestServer): Promise<void> {
  await until("an empty queue", async () => {
    server.clock.advance(1);
    const sql = "SELECT count(*) FROM mails";
    const { rows } = await server.deps.database.client.execute(sql);
    return rows[0]?.[0] === 0;
  });
}

async function registerWithEmail(server: TestServer, box: MailBox, username = ADA.username) {
  const body = { ...ADA, username };
  const login = readCredentials(await server.call("POST", "/api/auth/register", { body }));
  expect((await setEmail(server, login.accessToken)).body).toEqual({ accepted: true });
  await settle(server);
  const token = readLink(box.mails.at(-1), "verify");
  expect((await post(server, "verify-email", { token })).body).toEqual({ verified: true });
  return login;
}

describe("a password that was forgotten", () => {
  test("is set by the link in a mail, once, and ends every login", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    const { accessToken } = await registerWithEmail(server, box);
    await requestReset(server, "ADA@example.com");
    await settle(server);
    const token = readLink(box.mails.at(-1), "reset");
    expect(box.mails.at(-1)?.to).toEqual(["ADA@example.com"]);
    const password = "battery staple";
    expect((await post(server, "reset-password", { token, password })).body).toEqual({
      reset: true,
    });
    const me = await server.call("GET", "/api/players/me", { token: accessToken });
    expect(me.status).toBe(401);
    expect((await post(server, "log-in", ADA)).status).toBe(401);
    expect((await post(server, "log-in", { ...ADA, password })).status).toBe(200);
    const again = await post(server, "reset-password", { token, password: ADA.password });
    expect(readError(again).message).toContain("it was used before, or is too old");
  });

  test("a link that is used takes earlier ones along; each is too old in an hour", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    await registerWithEmail(server, box);
    const tokens: string[] = [];
    for (let count = 0; count < MAILS_PER_ADDRESS_MAX - 1; count++) {
      await requestReset(server, ADDRESS);
      await settle(server);
      tokens.push(readLink(box.mails.at(-1), "reset"));
    }
    const [first, second] = tokens;
    const password = "battery staple";
    expect((await post(server, "reset-password", { token: second, password })).status).toBe(200);
    expect((await post(server, "reset-password", { token: first, password })).status).toBe(401);
    server.clock.advance(60 * 60 * 1_000);
    await requestReset(server, ADDRESS);
    await settle(server);
    const token = readLink(box.mails.at(-1), "reset");
    server.clock.advance(60 * 60 * 1_000);
    expect((await post(server, "reset-password", { token, password })).status).toBe(401);
  });

  test("security 3: whether an address is known shows in no answer", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    await registerWithEmail(server, box);
    const before = box.mails.length;
    const answers = [
      await requestReset(server, "x@example.com"),
      await requestReset(server, ADDRESS),
    ];
    expect(answers[0]?.status).toBe(200);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    // What counts the calls goes down with each, whatever they ask for.
    for (const { headers } of answers) headers.delete("ratelimit");
    expect(Object.fromEntries(answers[0]?.headers ?? [])).toEqual(
      Object.fromEntries(answers[1]?.headers ?? []),
    );
    await settle(server);
    expect(box.mails.slice(before).map(({ to }) => to)).toEqual([[ADDRESS]]);
  });

  test("an address is sent a few mails an hour; what is asked beyond looks the same", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    await registerWithEmail(server, box);
    const answers: unknown[] = [];
    for (let count = 0; count < 5; count++) {
      answers.push((await requestReset(server, ADDRESS)).body);
    }
    await settle(server);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(box.mails).toHaveLength(MAILS_PER_ADDRESS_MAX);
  });
});

describe("an address", () => {
  test("belongs to one player: its owner is told of another's try", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    await registerWithEmail(server, box);
    const eve = { ...ADA, username: "Eve" };
    const login = readCredentials(await server.call("POST", "/api/auth/register", { body: eve }));
    expect((await setEmail(server, login.accessToken)).body).toEqual({ accepted: true });
    await settle(server);
    expect(box.mails.at(-1)?.text).toContain("belongs to the account Ada already");
    expect(box.mails.at(-1)?.text).not.toContain("#verify=");
  });

  test("of two who prove one address, the first has it", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    const tokens: string[] = [];
    for (const username of ["Ada", "Eve"]) {
      const body = { ...ADA, username };
      const login = readCredentials(await server.call("POST", "/api/auth/register", { body }));
      await setEmail(server, login.accessToken);
      await settle(server);
      tokens.push(readLink(box.mails.at(-1), "verify"));
    }
    const [first, second] = tokens;
    expect((await post(server, "verify-email", { token: first })).status).toBe(200);
    const late = await post(server, "verify-email", { token: second });
    expect(readError(late).code).toBe("CONFLICT");
  });

  test("is set with the password only, and not by a guest", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    const guest = await server.guest();
    expect((await setEmail(server, guest.accessToken)).status).toBe(409);
    const body = { ...ADA, password: "another password" };
    const login = readCredentials(await server.call("POST", "/api/auth/register", { body }));
    const refused = await setEmail(server, login.accessToken);
    expect(readError(refused).code).toBe("CREDENTIALS_WRONG");
  });
});

describe("the queue", () => {
  test("keeps tokens out of the database", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    await registerWithEmail(server, box);
    await requestReset(server, ADDRESS);
    await settle(server);
    const token = readLink(box.mails.at(-1), "reset");
    for (const table of ["mails", "mail_tokens"]) {
      const { rows } = await server.deps.database.client.execute(`SELECT * FROM ${table}`);
      expect(JSON.stringify(rows)).not.toContain(token);
    }
  });

  test("tries again when the mail server refuses, and says so", async () => {
    await using box = await openMailBox();
    await using server = await openServer(box);
    await registerWithEmail(server, box);
    box.refuse(true);
    await requestReset(server, ADDRESS);
    await until("a refusal", () => {
      server.clock.advance(1);
      return server.log.some((line) => line.includes("mail not delivered, trying again"));
    });
    box.refuse(false);
    server.clock.advance(2_000);
    await settle(server);
    expect(readLink(box.mails.at(-1), "reset")).not.toBe("");
    expect(server.log.join()).not.toContain(ADDRESS);
  });

  test("without a mailer nothing is taken in", async () => {
    await using server = await createTestServer();
    const answer = await requestReset(server, ADDRESS);
    expect(answer.status).toBe(503);
    expect(readError(answer).message).toContain("TESSERA_SMTP_URL");
  });
});

test("a mail survives the death of its server while the mail server is away", async () => {
  using folder = createTempDir();
  const port = await findFreePort();
  const environment = {
    TESSERA_DATA: folder.path,
    TESSERA_SMTP_URL: `smtp://127.0.0.1:${port}`,
  };
  {
    await using server = spawnServer(environment);
    const url = await server.ready;
    const call = (path: string, body: object, token = "") =>
      fetch(`${url}/api/auth/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    const login = readCredentials(await toAnswer(await call("register", ADA)));
    const body = { email: ADDRESS, password: ADA.password };
    expect((await call("email", body, login.accessToken)).status).toBe(200);
    await until("a try", () => server.said().includes("mail not delivered, trying again"));
    server.kill("SIGKILL");
    await server.end();
  }
  await using box = await openMailBox(port);
  await using server = spawnServer(environment);
  const url = await server.ready;
  // As long as a claim lasts, should the kill have come in the middle of another try.
  const mail = await until("the mail", () => box.mails[0], 90_000);
  const answer = await fetch(`${url}/api/auth/verify-email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: readLink(mail, "verify") }),
  });
  expect(await answer.json()).toEqual({ verified: true });
}, 120_000);

async function findFreePort(): Promise<number> {
  await using box = await openMailBox();
  return box.port;
}

async function toAnswer(response: Response) {
  return { status: response.status, headers: response.headers, body: await response.json() };
}

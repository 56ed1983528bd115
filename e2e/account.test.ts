// The links that a person gets, in a real browser: the first start's, and one of a mail.
import { expect, test } from "bun:test";
import { launchChromium } from "#shared/testing/chromium.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { openMailBox, readLink } from "../server/testing/mail-box.ts";
import { spawnServer } from "../server/testing/server-process.ts";

const ROOT = { username: "Root", password: "correct horse" };
const NEW_PASSWORD = "battery staple";

test("the first administrator, an address and another password, by links", async () => {
  await using folder = createTempDir();
  await using box = await openMailBox();
  await using server = spawnServer({ TESSERA_DATA: folder.path, TESSERA_SMTP_URL: box.url });
  const url = await server.ready;
  const post = async (path: string, body: object, token = "") => {
    const answer = await fetch(`${url}/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  await using browser = await launchChromium();
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
  const says = (text: string) => page.getByRole("status").filter({ hasText: text }).waitFor();

  const link = await until("the link", () => server.said().match(/http\S+#setup=[\w-]+/)?.[0]);
  await page.goto(link);
  expect(page.url()).not.toContain("#");
  await page.getByLabel("User name").fill(ROOT.username);
  await page.getByLabel("Password").fill(ROOT.password);
  await page.getByRole("button").click();
  await says("Done. You can log in with this name now.");
  const login = await post("log-in", ROOT);
  expect(login.body).toMatchObject({ player: { role: "admin" } });

  const email = "root@example.com";
  await post("email", { email, password: ROOT.password }, login.body.accessToken);
  const verify = readLink(await until("a mail", () => box.mails[0]), "verify");
  await page.goto(`${url}/account?verify#verify=${verify}`);
  await page.getByRole("button").click();
  await says("The address is confirmed.");

  await post("request-password-reset", { email });
  const reset = readLink(await until("another mail", () => box.mails[1]), "reset");
  await page.goto(`${url}/account?reset#reset=${reset}`);
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button").click();
  await says("must be at least 10 characters long");
  expect(errors.splice(0).join()).toContain("400");
  await page.getByLabel("Password").fill(NEW_PASSWORD);
  await page.getByRole("button").click();
  await says("The password is changed.");
  expect((await post("log-in", { ...ROOT, password: NEW_PASSWORD })).status).toBe(200);
  expect(errors).toEqual([]);
}, 60_000);

/**
 * The page that links lead to which a person gets: the first start's, and those in mails. What the
 * link is good for stands behind its `#`, which browsers send to nobody.
 */
import { Elysia } from "elysia";
import { CONTENT_POLICY_ACCOUNT } from "./security-headers.ts";

export const ACCOUNT_PATH = "/account";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Tessera account</title>
    <link rel="stylesheet" href="/account/account.css">
  </head>
  <body>
    <main>
      <h1>Account</h1>
      <form id="form" hidden>
        <label id="name-field">User name
          <input id="name" autocomplete="username" maxlength="24"></label>
        <label id="password-field">Password
          <input id="password" type="password" autocomplete="new-password" maxlength="512"></label>
        <button id="send">Go on</button>
      </form>
      <p id="message" role="status">This page needs a link from the server or from a mail.</p>
    </main>
    <script src="/account/account.js"></script>
  </body>
</html>
`;

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f4f5f7; }
main { max-width: 24rem; margin: 10vh auto; padding: 2rem; background: #fff; border-radius: 8px; }
label { display: block; margin-bottom: 1rem; }
label[hidden] { display: none; }
input { display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; }
button { padding: .5rem 1.5rem; font: inherit; }
`;

const SCRIPT = `const purposes = {
  setup: { title: "First administrator", path: "set-up", fields: ["name", "password"],
    done: "Done. You can log in with this name now." },
  reset: { title: "New password", path: "reset-password", fields: ["password"],
    done: "The password is changed. You can log in with it now." },
  verify: { title: "Confirm your address", path: "verify-email", fields: [],
    done: "The address is confirmed." },
};
const find = (id) => document.getElementById(id);
const [kind, token] = location.hash.slice(1).split("=");
const purpose = purposes[kind];
if (purpose !== undefined && token) {
  // Neither the history nor a screenshot keeps it.
  history.replaceState(null, "", location.pathname);
  document.querySelector("h1").textContent = purpose.title;
  find("message").textContent = "";
  find("form").hidden = false;
  for (const field of ["name", "password"]) {
    find(field + "-field").hidden = !purpose.fields.includes(field);
  }
  find("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    find("send").disabled = true;
    const body = { token };
    if (purpose.fields.includes("name")) body.username = find("name").value;
    if (purpose.fields.includes("password")) body.password = find("password").value;
    const answer = await fetch("/api/auth/" + purpose.path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    const content = await answer?.json().catch(() => undefined);
    find("form").hidden = answer?.ok === true;
    find("send").disabled = false;
    find("message").textContent = answer?.ok
      ? purpose.done
      : (content?.error?.message ?? "The server does not answer; try again in a moment.");
  });
}
`;

/** The page and its files, to be mounted on the app. */
export function createAccountPage() {
  return new Elysia()
    .get(ACCOUNT_PATH, () => file(PAGE, "text/html"))
    .get(`${ACCOUNT_PATH}/account.css`, () => file(STYLE, "text/css"))
    .get(`${ACCOUNT_PATH}/account.js`, () => file(SCRIPT, "text/javascript"));
}

function file(content: string, type: string): Response {
  return new Response(content, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": CONTENT_POLICY_ACCOUNT,
      "cache-control": "no-cache",
    },
  });
}

/** The button that leads to the deployment's OpenID provider, and the way back. */
import type { Client } from "../index.ts";
import type { ClientPlayer } from "../sdk/client-types.ts";
import { element } from "./hud/elements.ts";

/** Where the address of the world that one left for the provider is kept. */
const LEFT_KEY = "tessera-left-for-sign-in";

/**
 * What the page's address asks for: the world that one left for the provider, where this is the way
 * back from there. The provider knows one address only.
 */
export function readParameters(): URLSearchParams {
  const here = new URLSearchParams(location.search);
  const left = here.has("state") ? sessionStorage.getItem(LEFT_KEY) : null;
  return left === null ? here : new URLSearchParams(left);
}

/**
 * Who comes back from a sign-in, or has been here before; null for a newcomer. What goes wrong here
 * keeps nobody from playing.
 */
export async function takeUpLogin(
  client: Pick<Client, "finishSignIn" | "restore">,
): Promise<ClientPlayer | null> {
  try {
    const back = await client.finishSignIn({ callbackUrl: location.href });
    if (back === null) return await client.restore();
    // What the provider has added to the address is good once.
    history.replaceState(null, "", addressWith(sessionStorage.getItem(LEFT_KEY) ?? ""));
    sessionStorage.removeItem(LEFT_KEY);
    return back;
  } catch (error) {
    tell(error);
    return null;
  }
}

/** Shows the button to guests where there is a provider. */
export async function offerSignIn(
  client: Pick<Client, "api" | "beginSignIn">,
  player: ClientPlayer | null,
): Promise<void> {
  if (player?.guest === false) return;
  const { openId } = await client.api.auth.listProviders.query();
  if (!openId) return;
  const button = element("sign-in", HTMLButtonElement);
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      keepAddress();
      location.assign(await client.beginSignIn({ redirectUrl: `${location.origin}/play` }));
    } catch (error) {
      button.disabled = false;
      tell(error);
    }
  });
}

function keepAddress(): void {
  const parameters = new URLSearchParams(location.search);
  // A guest's name is not that of who comes back.
  parameters.delete("name");
  sessionStorage.setItem(LEFT_KEY, parameters.toString());
}

function addressWith(search: string): string {
  return search === "" ? location.pathname : `${location.pathname}?${search}`;
}

function tell(error: unknown): void {
  const problem = element("name-problem", HTMLElement);
  problem.textContent = error instanceof Error ? error.message : String(error);
  problem.hidden = false;
}

/** The button that leads to the deployment's OpenID provider, and the way back. */
import type { Client } from "../index.ts";
import type { ClientPlayer } from "../sdk/client-types.ts";
import { element } from "./hud/elements.ts";

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
    history.replaceState(null, "", location.pathname);
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
      location.assign(await client.beginSignIn({ redirectUrl: `${location.origin}/play` }));
    } catch (error) {
      button.disabled = false;
      tell(error);
    }
  });
}

function tell(error: unknown): void {
  const problem = element("name-problem", HTMLElement);
  problem.textContent = error instanceof Error ? error.message : String(error);
  problem.hidden = false;
}

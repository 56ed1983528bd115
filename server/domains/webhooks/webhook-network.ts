import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";

/** How webhooks leave this machine. */
export interface WebhookNetwork {
  /** For development: endpoints on this machine, also without TLS. */
  readonly allowLoopback: boolean;
  /** All addresses of a host. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
  /** Trusted instead of the system's authorities. */
  readonly ca?: string;
}

/** Where to send to, decided once: the address that was looked at is the one connected to. */
export interface WebhookTarget {
  readonly url: URL;
  readonly address: string;
}

/** An endpoint that must not, or cannot, be reached; the message is for administrators. */
export class WebhookRefusal extends Error {
  override readonly name = "WebhookRefusal";
}

/** The system's resolver. */
export async function lookUpHost(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/**
 * Resolves an endpoint and looks at every address that its name has; throws WebhookRefusal when
 * one of them is private, since a name may be pointed anywhere at any time.
 */
export async function resolveWebhook(
  network: WebhookNetwork,
  address: string,
): Promise<WebhookTarget> {
  const url = URL.parse(address);
  if (url === null) throw new WebhookRefusal("the address is none");
  if (url.username !== "" || url.password !== "") {
    throw new WebhookRefusal("the address holds a user name or password; leave them out");
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await lookUp(network, host) : [host];
  for (const one of addresses) assertMayConnect(network, one);
  const [first] = addresses;
  if (first === undefined) throw new WebhookRefusal(`the host ${host} has no address`);
  if (url.protocol === "https:") return { url, address: first };
  if (url.protocol === "http:" && addresses.every(isLoopbackAddress))
    return { url, address: first };
  throw new WebhookRefusal("the address must start with https://");
}

/** Throws WebhookRefusal for an address that is not of the open internet. */
export function assertMayConnect(network: WebhookNetwork, address: string | undefined): void {
  if (address !== undefined && isPublicAddress(address)) return;
  if (address !== undefined && network.allowLoopback && isLoopbackAddress(address)) return;
  throw new WebhookRefusal(
    "the host's address is private, of this machine or reserved; only the open internet is allowed",
  );
}

async function lookUp(network: WebhookNetwork, host: string): Promise<readonly string[]> {
  try {
    return await network.lookup(host);
  } catch {
    throw new WebhookRefusal(`the host ${host} cannot be found`);
  }
}

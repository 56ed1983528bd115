/**
 * What limits per address count by: IPv4 addresses as they are, IPv6 ones by their /64, since
 * whoever has one address of it has all of them.
 */
export function limitedAddress(address: string): string {
  const isVersion4 = !address.includes(":") || address.includes(".") || MAPPED.test(address);
  if (isVersion4 || address === LOOPBACK) return address;
  const [start = [], end = []] = address.split("::").map((part) => part.split(":"));
  const zeros = Array<string>(Math.max(0, GROUPS - start.length - end.length)).fill("0");
  const groups = [...start, ...zeros, ...end].map((group) => (group === "" ? "0" : group));
  return `${groups.slice(0, GROUPS / 2).join(":")}::/64`;
}

/** Whether it is this machine itself. */
export function isLoopback(address: string): boolean {
  return address === LOOPBACK || /^(::ffff:)?127\./i.test(address);
}

const LOOPBACK = "::1";
const GROUPS = 8;
/** IPv4 addresses in IPv6's clothes (RFC 4291 §2.5.5.2). */
const MAPPED = /^::ffff:/i;

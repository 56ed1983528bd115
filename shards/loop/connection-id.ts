/**
 * A connection's number: which gateway it is at and which of that gateway's it is; 0 is none. 32
 * bits, unique among the connections that are open.
 */
export type ConnectionId = number;

const GATEWAY_BITS = 4;

/** Gateways of one shard at most. */
export const GATEWAYS_MAX = 1 << GATEWAY_BITS;

/** Greatest number that a gateway gives to a connection of its own; the least is 1. */
export const LOCAL_ID_MAX = 2 ** (32 - GATEWAY_BITS) - 1;

export function connectionId(gateway: number, local: number): ConnectionId {
  return local * GATEWAYS_MAX + gateway;
}

/** The gateway that a connection is at. */
export function gatewayOf(connection: ConnectionId): number {
  return connection % GATEWAYS_MAX;
}

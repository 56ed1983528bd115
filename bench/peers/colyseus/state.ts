// The state that Colyseus replicates. Two forms of the same world: what a client must be told of
// motion is either each position, or the changes of direction from which positions follow.
import { type SchemaType, schema, t } from "@colyseus/schema";

/** What is private to a player's own client. */
export const OWN = 1;

export const PositionedPlayer = schema(
  { x: t.uint16(), y: t.uint16(), pose: t.uint8(), ack: t.uint16().view(OWN) },
  "Player",
);

/**
 * Positions go out when a player comes into sight and never again: every later one follows from
 * the poses, one of which holds from the tick of the patch that brings it.
 */
export const DirectedPlayer = schema(
  {
    x: t.uint16().fullStateOnly(),
    y: t.uint16().fullStateOnly(),
    pose: t.uint8(),
    ack: t.uint16().view(OWN),
  },
  "Player",
);

export type Player = SchemaType<typeof DirectedPlayer>;

export const PositionedState = schema(
  { tick: t.uint16(), players: t.map(PositionedPlayer).view() },
  "Arena",
);

export const DirectedState = schema(
  { tick: t.uint16(), players: t.map(DirectedPlayer).view() },
  "Arena",
);

export type Arena = SchemaType<typeof DirectedState>;

// Every way in which the shard ends a connection: reason, close code, and a sentence that tells
// people what to do. docs/PROTOCOL.md lists the codes.
import { GoodbyeReason } from "#proto/frame_pb.ts";
import { ACTION_ID_BYTES, CLOSE, type CloseCode, PROTOCOL_VERSION } from "#shared/net/protocol.ts";

/** Why the shard ends a connection: a goodbye frame, then the close code. */
export interface Closing {
  reason: GoodbyeReason;
  message: string;
  code: CloseCode;
}

export const FLOOD: Closing = {
  reason: GoodbyeReason.RATE_LIMITED,
  message: "too many messages; send fewer per second",
  code: CLOSE.flood,
};
export const TEXT: Closing = {
  reason: GoodbyeReason.MALFORMED,
  message: "cannot read text: send binary frames",
  code: CLOSE.text,
};
export const UNDECODABLE: Closing = {
  reason: GoodbyeReason.MALFORMED,
  message: "cannot decode frame: it is no tessera.v1.ClientFrame",
  code: CLOSE.undecodable,
};
export const ACTION_ID: Closing = {
  reason: GoodbyeReason.MALFORMED,
  message: `cannot read intent: action_id has not ${ACTION_ID_BYTES} bytes; make it of so many`,
  code: CLOSE.undecodable,
};
export const UNEXPECTED: Closing = {
  reason: GoodbyeReason.MALFORMED,
  message: "unexpected frame: say hello once, then wait for the welcome",
  code: CLOSE.flood,
};
export const HELLO_TIMEOUT: Closing = {
  reason: GoodbyeReason.HELLO_TIMEOUT,
  message: "no hello within 5 s",
  code: CLOSE.helloTimeout,
};
export const VERSION: Closing = {
  reason: GoodbyeReason.PROTOCOL_VERSION,
  message: `cannot talk: this shard speaks protocol version ${PROTOCOL_VERSION}; update the client`,
  code: CLOSE.version,
};
export const TOO_SLOW: Closing = {
  reason: GoodbyeReason.TOO_SLOW,
  message: "the connection does not read what it is sent",
  code: CLOSE.tooSlow,
};

export const TICKET_USED: Closing = {
  reason: GoodbyeReason.TICKET_USED,
  message: "cannot join: the ticket was used before; ask worlds.join for a new one",
  code: CLOSE.credentialRefused,
};
export const STOPPING: Closing = {
  reason: GoodbyeReason.STOPPING,
  message: "the shard stops; it will be back in a moment",
  code: CLOSE.stopping,
};
export const RESUME_EXPIRED: Closing = {
  reason: GoodbyeReason.RESUME_EXPIRED,
  message: "cannot resume: the session has ended; ask worlds.join for a ticket",
  code: CLOSE.credentialRefused,
};
export const REPLACED: Closing = {
  reason: GoodbyeReason.REPLACED,
  message: "the same player joined from elsewhere",
  code: CLOSE.replaced,
};
export const FULL: Closing = {
  reason: GoodbyeReason.FULL,
  message: "cannot join: the shard is full; try again later",
  code: CLOSE.full,
};
export const LEFT: Closing = { reason: GoodbyeReason.LEFT, message: "goodbye", code: CLOSE.left };
export const REVOKED: Closing = {
  reason: GoodbyeReason.REVOKED,
  message: "the account was logged out",
  code: CLOSE.revoked,
};

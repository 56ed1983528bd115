/** What happened: the log of it, and the ways on which it is told. */
export { EventFeed } from "./event-feed.ts";
export type { PrepareTold, RelayStatement } from "./event-relay.ts";
export { type EventRow, toLoggedEvent } from "./event-row.ts";
export { keepEventsTold } from "./keep-events-told.ts";
export { prepareEvent, prepareEventOfChange } from "./prepare-event.ts";
export { sendEvent } from "./send-event.ts";

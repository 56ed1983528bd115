import { eventCatalogue, listEventTypes as listTypes } from "#shared/model/event-catalogue.ts";
import type { EventTypeList } from "#shared/model/events.ts";

/** All types with who may see them. */
export function listEventTypes(): EventTypeList {
  return { types: listTypes().map((type) => ({ type, ...eventCatalogue[type] })) };
}

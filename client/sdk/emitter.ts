type Handler<Event> = (event: Event) => void;
type Handlers<Events> = { [Name in keyof Events]?: Set<Handler<Events[Name]>> };

/** Tells events of these kinds. */
export interface Emits<Events> {
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void;
}

/** Typed events. A handler that is added or removed meanwhile counts from the next event on. */
export class Emitter<Events> implements Emits<Events> {
  readonly #handlers: Handlers<Events> = {};

  on<Name extends keyof Events>(name: Name, handler: Handler<Events[Name]>): () => void {
    const handlers = this.#handlers[name] ?? new Set<Handler<Events[Name]>>();
    this.#handlers[name] = handlers;
    handlers.add(handler);
    return () => {
      handlers.delete(handler);
    };
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const handler of [...(this.#handlers[name] ?? [])]) handler(event);
  }
}

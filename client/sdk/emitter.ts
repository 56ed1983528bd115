type Handler<Event> = (event: Event) => void;
type Handlers<Events> = { [Name in keyof Events]: Set<Handler<Events[Name]>> };

/** Typed events. A handler that is added or removed meanwhile counts from the next event on. */
export class Emitter<Events> {
  readonly #handlers: Handlers<Events>;

  constructor(handlers: Handlers<Events>) {
    this.#handlers = handlers;
  }

  on<Name extends keyof Events>(name: Name, handler: Handler<Events[Name]>): () => void {
    this.#handlers[name].add(handler);
    return () => {
      this.#handlers[name].delete(handler);
    };
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const handler of [...this.#handlers[name]]) handler(event);
  }
}

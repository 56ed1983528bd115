import type { EntityView, Session } from "../sdk/session-types.ts";
import { Entity, Script } from "./engine.ts";
import { WorldOrigin } from "./world-origin.ts";

/** What the binding needs of a session; a `Session` of the SDK is one. */
export type BoundSession = Pick<Session, "sample" | "status">;

/** A player of the session and the scene's entity that stands for it. */
export interface BoundEntity {
  readonly id: number;
  readonly entity: Entity;
  /** As of this frame; the session reuses the object, so do not keep it. */
  view: EntityView;
}

/** Unused entities that are kept for the next newcomers; more are destroyed. */
const POOL_LENGTH_MAX = 256;

/**
 * Binds a session's players to entities of the scene: one child entity for each player in sight,
 * placed anew every frame and pooled. Fires `add` and `remove` with the `BoundEntity`, and `rebase`
 * when the scene's origin has moved.
 *
 * ```ts
 * const binding = root.script.create(SessionBinding, { properties: { createEntity } });
 * binding.bind(await client.join("arena"));
 * ```
 */
export class SessionBinding extends Script {
  static override scriptName = "sessionBinding";

  /** Makes the entity that will stand for players, one after another. */
  createEntity: () => Entity = () => new Entity("player");
  readonly origin = new WorldOrigin();
  #session: BoundSession | null = null;
  #self: BoundEntity | null = null;
  #frame = 0;
  readonly #bound = new Map<number, BoundEntity>();
  readonly #seen = new Map<number, number>();
  readonly #pool: Entity[] = [];

  initialize(): void {
    this.once("destroy", () => this.#destroyAll());
  }

  /** Shows this session from now on; null empties the scene. */
  bind(session: BoundSession | null): void {
    if (session === this.#session) return;
    for (const bound of [...this.#bound.values()]) this.#release(bound);
    this.#session = session;
  }

  /** Everyone in sight, by entity id. */
  get bound(): ReadonlyMap<number, BoundEntity> {
    return this.#bound;
  }

  /** The own player; null while there is none. */
  get self(): BoundEntity | null {
    return this.#self;
  }

  /** Called by the engine every frame. */
  update(): void {
    const session = this.#session;
    // A closed session shows its last moment until another one is bound.
    if (session === null || session.status === "closed") return;
    const view = session.sample();
    this.#frame += 1;
    if (view.self !== null && this.origin.follow(view.self.x, view.self.y)) {
      this.fire("rebase", this.origin);
    }
    this.#self = view.self === null ? null : this.#show(view.self);
    for (const other of view.others) this.#show(other);
    for (const bound of this.#bound.values()) {
      if (this.#seen.get(bound.id) !== this.#frame) this.#release(bound);
    }
  }

  #show(view: EntityView): BoundEntity {
    const known = this.#bound.get(view.id);
    const bound = known ?? { id: view.id, entity: this.#take(), view };
    bound.view = view;
    bound.entity.setLocalPosition(this.origin.sceneX(view.x), 0, this.origin.sceneZ(view.y));
    this.#seen.set(view.id, this.#frame);
    if (known === undefined) {
      this.#bound.set(view.id, bound);
      this.fire("add", bound);
    }
    return bound;
  }

  #take(): Entity {
    const entity = this.#pool.pop() ?? this.createEntity();
    if (entity.parent === null) this.entity.addChild(entity);
    entity.enabled = true;
    return entity;
  }

  #release(bound: BoundEntity): void {
    this.#bound.delete(bound.id);
    this.#seen.delete(bound.id);
    if (this.#self === bound) this.#self = null;
    this.fire("remove", bound);
    if (this.#pool.length >= POOL_LENGTH_MAX) {
      bound.entity.destroy();
      return;
    }
    bound.entity.enabled = false;
    this.#pool.push(bound.entity);
  }

  #destroyAll(): void {
    for (const bound of [...this.#bound.values()]) this.#release(bound);
    for (const entity of this.#pool.splice(0)) entity.destroy();
  }
}

import { expect, test } from "bun:test";
import { type AppBase, Entity } from "./engine.ts";
import { type BoundEntity, SessionBinding } from "./session-binding.ts";
import { createHeadlessApp, entityView, ScriptedSession } from "./testing/headless.ts";

function createBinding(app: AppBase) {
  const root = new Entity("root");
  app.root.addChild(root);
  root.addComponent("script");
  let created = 0;
  const binding: unknown = root.script?.create(SessionBinding, {
    properties: {
      createEntity: () => {
        created += 1;
        return new Entity(`player ${created}`);
      },
    },
  });
  if (!(binding instanceof SessionBinding)) throw new Error("the script did not start");
  const session = new ScriptedSession();
  binding.bind(session);
  return { root, binding, session, created: () => created };
}

test("every player in sight has an entity at its place", () => {
  using app = createHeadlessApp();
  const { root, binding, session } = createBinding(app);
  session.show(entityView({ id: 1, self: true, x: 30, y: 40 }), entityView({ id: 2, x: 5, y: 6 }));
  app.update(0.016);
  expect([...binding.bound.keys()]).toEqual([1, 2]);
  expect(binding.self?.id).toBe(1);
  const { x, y, z } = binding.bound.get(2)?.entity.getLocalPosition() ?? { x: 0, y: 0, z: 0 };
  expect([x, y, z]).toEqual([5, 0, 6]);
  expect(root.children).toHaveLength(2);
  session.show(entityView({ id: 1, self: true, x: 31, y: 41 }));
  app.update(0.016);
  expect(binding.self?.entity.getLocalPosition().x).toBe(31);
});

test("who leaves frees an entity for who comes", () => {
  using app = createHeadlessApp();
  const { binding, session, created } = createBinding(app);
  const removed: number[] = [];
  binding.on("remove", (bound: BoundEntity) => removed.push(bound.id));
  session.show(null, entityView({ id: 1 }), entityView({ id: 2 }));
  app.update(0.016);
  const freed = binding.bound.get(2)?.entity;
  session.show(null, entityView({ id: 1 }));
  app.update(0.016);
  expect(removed).toEqual([2]);
  expect(freed?.enabled).toBe(false);
  session.show(null, entityView({ id: 1 }), entityView({ id: 3 }));
  app.update(0.016);
  expect(binding.bound.get(3)?.entity).toBe(freed as Entity);
  expect(freed?.enabled).toBe(true);
  expect(created()).toBe(2);
});

test("entities go around the origin when the own player walks far", () => {
  using app = createHeadlessApp();
  const { binding, session } = createBinding(app);
  let rebased = 0;
  binding.on("rebase", () => {
    rebased += 1;
  });
  session.show(entityView({ id: 1, self: true, x: 1900, y: 20 }), entityView({ id: 2, x: 1800 }));
  app.update(0.016);
  expect(rebased).toBe(1);
  const { origin } = binding;
  expect(binding.bound.get(2)?.entity.getLocalPosition().x).toBe(1800 - origin.x);
  expect(Math.abs(binding.self?.entity.getLocalPosition().x ?? 9999)).toBeLessThan(512);
});

test("a closed session keeps its last moment, another one starts afresh", () => {
  using app = createHeadlessApp();
  const { binding, session } = createBinding(app);
  session.show(entityView({ id: 1, self: true }), entityView({ id: 2 }));
  app.update(0.016);
  session.status = "closed";
  session.show(null);
  app.update(0.016);
  expect(session.samples).toBe(1);
  expect(binding.bound.size).toBe(2);
  binding.bind(new ScriptedSession());
  expect(binding.bound.size).toBe(0);
  expect(binding.self).toBeNull();
});

test("a destroyed binding leaves nothing behind", () => {
  using app = createHeadlessApp();
  const { root, binding, session } = createBinding(app);
  session.show(null, entityView({ id: 1 }), entityView({ id: 2 }));
  app.update(0.016);
  session.show(null, entityView({ id: 1 }));
  app.update(0.016);
  root.destroy();
  expect(binding.bound.size).toBe(0);
});

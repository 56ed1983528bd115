// What people read when a shard's database cannot be opened, and that it is left as it was.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { canMount, mountSmallDisk } from "./small-disk.fixture.ts";
import { failureOf, StoreFixture } from "./store.fixture.ts";

const CANNOT_WRITE = "give this process the right to, or another folder with TESSERA_DATA";
/** A place in which nobody may make a folder, not even root. */
const NOBODYS = process.platform === "linux" ? "/sys/tessera" : "/System/tessera";

test("a folder that nobody may write", async () => {
  await using fixture = new StoreFixture();
  const error = await failureOf(fixture.open(1, { path: join(NOBODYS, "shard.db") }));
  expect(error).toMatchObject({ reason: "denied" });
  expect(error.message).toContain(CANNOT_WRITE);
});

// Real disks of this kind take root; the texts themselves are tested with the database.
if (canMount()) {
  describe("a disk on which nothing can be written", () => {
    test.each([
      ["a database", "shard.db"],
      ["a new database", "new.db"],
      ["a new folder", "new/shard.db"],
    ])("is refused: %s", async (_, name) => {
      await using disk = await mountSmallDisk();
      await using fixture = new StoreFixture();
      await fixture.open(1, { path: join(disk.path, "shard.db") });
      await fixture.close();
      const path = join(disk.frozenPath, name);
      const error = await failureOf(fixture.open(1, { path }));
      expect(error).toMatchObject({ reason: "denied" });
      expect(error.message).toContain(`cannot open database ${path}: `);
      expect(error.message).toContain(CANNOT_WRITE);
    });

    test("is refused when it is full", async () => {
      await using disk = await mountSmallDisk();
      await using fixture = new StoreFixture();
      await Bun.write(join(disk.path, "other"), new Uint8Array(1_040_000));
      const path = join(disk.path, "shard.db");
      const error = await failureOf(fixture.open(1, { path }));
      expect(error).toMatchObject({ reason: "full" });
      expect(error.message).toBe(
        `cannot open database ${path}: the disk is full; free space on it and start again`,
      );
    });
  });
}

test("a file that another process holds", async () => {
  await using fixture = new StoreFixture();
  await fixture.open();
  const open = `
    import { StoreFixture } from ${JSON.stringify(join(import.meta.dir, "store.fixture.ts"))};
    await new StoreFixture().open(1, { path: ${JSON.stringify(fixture.path)} })
      .catch(({ reason, message }) => console.log(reason, message));`;
  const child = Bun.spawn([process.execPath, "-e", open], { stdout: "pipe" });
  expect(await new Response(child.stdout).text()).toContain(
    `locked cannot open database ${fixture.path}: another process is using it; stop that process`,
  );
});

describe("is refused and not touched", () => {
  test.each([
    [
      "a database with a damaged page",
      (bytes: Uint8Array<ArrayBuffer>) => bytes.fill(0x55, 4_096, 5 * 4_096),
    ],
    [
      "a database that was cut off",
      (bytes: Uint8Array<ArrayBuffer>) => bytes.subarray(0, 6 * 4_096 + 17),
    ],
    ["what is no database", () => new TextEncoder().encode("no database ".repeat(999))],
  ])("%s", async (_, damage) => {
    await using fixture = new StoreFixture();
    await fixture.open();
    await fixture.close();
    const content = damage(await Bun.file(fixture.path).bytes());
    await Bun.write(fixture.path, content);
    const error = await failureOf(fixture.open());
    expect(error).toMatchObject({ reason: "damaged" });
    expect(error.message).toContain("Put a backup in its place");
    expect(await Bun.file(fixture.path).bytes()).toEqual(content);
  });
});

/** What games keep for a player: objects by collection and key, with versions. */
import { z } from "zod";
import { PlayerId } from "./ids.ts";
import { JsonObject } from "./json-value.ts";

/** Objects of one player; one more is refused. */
export const OBJECTS_LENGTH_MAX = 256;
/** Objects of one call, all or none of which are written. */
export const BATCH_LENGTH_MAX = 32;

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const NAME_RULE = "must be of A-Z, a-z, 0-9, _, - and ., starting with a letter or a digit";
const Name = z
  .string()
  .min(1, "must not be empty")
  .max(64, "must be at most 64 characters long")
  .regex(NAME, NAME_RULE);

const Collection = Name.meta({ description: "What kind of objects", examples: ["saves"] });
const ObjectKey = Name.meta({ description: "Which of them", examples: ["slot-1"] });

/** Who may read an object: the server alone, its owner, or every player. */
export const StorageRead = z.enum(["none", "owner", "public"]);
/** Who may write an object: the server alone, or its owner too. */
export const StorageWrite = z.enum(["none", "owner"]);

const Version = z
  .string()
  .regex(/^[0-9a-f]{16}$/, "must be a version that an earlier answer gave")
  .meta({ description: "Another one after each write" });
const VersionWanted = z
  .union([z.literal("new"), Version], { error: "must be a version that was answered, or new" })
  .meta({ description: "As last read, or new for none yet; without it any will do" });

/** An object as it is read. */
export const StorageObject = z
  .object({
    playerId: PlayerId.meta({ description: "Its owner" }),
    collection: z.string(),
    key: z.string(),
    value: z.record(z.string(), z.unknown()),
    version: z.string(),
    read: StorageRead,
    write: StorageWrite,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "StorageObject" });
export type StorageObject = z.infer<typeof StorageObject>;

const place = { collection: Collection, key: ObjectKey };
const Owner = PlayerId.optional().meta({ description: "Whose; the caller's when not given" });

function batchOf<
  Item extends z.ZodType<{ collection: string; key: string; playerId?: PlayerId | undefined }>,
>(item: Item) {
  return z
    .array(item)
    .min(1, "must not be empty")
    .max(BATCH_LENGTH_MAX, `must be at most ${BATCH_LENGTH_MAX} objects`)
    .superRefine((objects, ctx) => {
      const seen = new Set<string>();
      for (const [index, { playerId = "", collection, key }] of objects.entries()) {
        const name = `${playerId}/${collection}/${key}`;
        const message = "names an object that is in the list already";
        if (seen.has(name)) ctx.addIssue({ code: "custom", path: [index], message });
        seen.add(name);
      }
    });
}

export const GetObjectInput = z.object({ ...place, playerId: Owner });
export type GetObjectInput = z.infer<typeof GetObjectInput>;

export const ReadObjectsInput = z.object({
  objects: batchOf(z.object({ ...place, playerId: PlayerId.optional() })),
});
export type ReadObjectsInput = z.infer<typeof ReadObjectsInput>;

export const ReadObjectsForInput = z.object({
  objects: batchOf(z.object({ ...place, playerId: PlayerId })),
});

/** Answer of storage.read: those that are there and may be read. */
export const ReadObjects = z.object({ objects: z.array(StorageObject) });
export type ReadObjects = z.infer<typeof ReadObjects>;

const ObjectToWrite = z.object({
  ...place,
  value: JsonObject,
  version: VersionWanted.optional(),
  read: StorageRead.optional().meta({ description: "As before when not given; owner at first" }),
  write: StorageWrite.optional().meta({ description: "As before when not given; owner at first" }),
});

export const WriteObjectsInput = z.object({ objects: batchOf(ObjectToWrite) });
export const WriteObjectsForInput = z.object({
  objects: batchOf(ObjectToWrite.extend({ playerId: PlayerId })),
});
export type WriteObjectsForInput = z.infer<typeof WriteObjectsForInput>;

/** Answer of storage.write, in the order of the input. */
export const WrittenObjects = z.object({
  objects: z.array(
    StorageObject.pick({ playerId: true, collection: true, key: true, version: true }),
  ),
});
export type WrittenObjects = z.infer<typeof WrittenObjects>;

export const DeleteObjectInput = z.object({ ...place, version: Version.optional() });
export const DeleteObjectForInput = DeleteObjectInput.extend({ playerId: PlayerId });
export type DeleteObjectForInput = z.infer<typeof DeleteObjectForInput>;

/** Answer of storage.delete. */
export const DeletedObject = z.object({ deleted: z.literal(true) });
export type DeletedObject = z.infer<typeof DeletedObject>;

export const ListObjectsInput = z.object({
  collection: Collection,
  playerId: Owner,
  limit: z.coerce.number().int().min(1).max(50).default(20),
  cursor: ObjectKey.optional().meta({ description: "Where an earlier answer ended" }),
});
export type ListObjectsInput = z.infer<typeof ListObjectsInput>;
export const ListObjectsForInput = ListObjectsInput.extend({ playerId: PlayerId });

/** Answer of storage.list, by key. */
export const ObjectPage = z.object({
  objects: z.array(StorageObject),
  nextCursor: z.string().nullable().meta({ description: "Null when there are no more" }),
});
export type ObjectPage = z.infer<typeof ObjectPage>;

import {
  DeletedObject,
  DeleteObjectForInput,
  DeleteObjectInput,
  GetObjectInput,
  ListObjectsForInput,
  ListObjectsInput,
  ObjectPage,
  ReadObjects,
  ReadObjectsForInput,
  ReadObjectsInput,
  StorageObject,
  WriteObjectsForInput,
  WriteObjectsInput,
  WrittenObjects,
} from "#shared/model/storage.ts";
import { protectedRest } from "../../rest-route.ts";
import { playerProcedure, router, serviceProcedure } from "../../trpc.ts";
import { deleteObject } from "./delete-object.ts";
import { getObject } from "./get-object.ts";
import { listObjects } from "./list-objects.ts";
import { readObjects } from "./read-objects.ts";
import { writeObjects } from "./write-objects.ts";

/** What games keep for players; those that end in For are for the game's own servers. */
export const storageRouter = router({
  list: playerProcedure
    .meta(protectedRest("GET", "/storage/{collection}", "A page of a player's collection"))
    .input(ListObjectsInput)
    .output(ObjectPage)
    .query(({ ctx: { deps, actor }, input }) =>
      listObjects(deps, actor, { ...input, playerId: input.playerId ?? actor.playerId }),
    ),
  get: playerProcedure
    .meta(protectedRest("GET", "/storage/{collection}/{key}", "One object"))
    .input(GetObjectInput)
    .output(StorageObject)
    .query(({ ctx, input }) => getObject(ctx.deps, ctx.actor, input)),
  read: playerProcedure
    .meta(protectedRest("POST", "/storage/read", "Several objects at one moment"))
    .input(ReadObjectsInput)
    .output(ReadObjects)
    .query(({ ctx: { deps, actor }, input: { objects } }) => {
      const owned = ({ playerId = actor.playerId, ...place }: (typeof objects)[number]) => ({
        ...place,
        playerId,
      });
      return readObjects(deps, actor, objects.map(owned));
    }),
  write: playerProcedure
    .meta(protectedRest("POST", "/storage/write", "Write own objects, all or none"))
    .input(WriteObjectsInput)
    .output(WrittenObjects)
    .mutation(({ ctx: { deps, actor }, input: { objects } }) => {
      const { playerId } = actor;
      const owned = objects.map((object) => ({ ...object, playerId }));
      return writeObjects(deps, actor, { objects: owned });
    }),
  delete: playerProcedure
    .meta(protectedRest("DELETE", "/storage/{collection}/{key}", "Delete an own object"))
    .input(DeleteObjectInput)
    .output(DeletedObject)
    .mutation(({ ctx: { deps, actor }, input }) =>
      deleteObject(deps, actor, { ...input, playerId: actor.playerId }),
    ),
  listFor: serviceProcedure
    .meta(protectedRest("GET", "/storage/for/{playerId}/{collection}", "A player's collection"))
    .input(ListObjectsForInput)
    .output(ObjectPage)
    .query(({ ctx, input }) => listObjects(ctx.deps, "service", input)),
  readFor: serviceProcedure
    .meta(protectedRest("POST", "/storage/for/read", "Read objects of any players"))
    .input(ReadObjectsForInput)
    .output(ReadObjects)
    .query(({ ctx, input }) => readObjects(ctx.deps, "service", input.objects)),
  writeFor: serviceProcedure
    .meta(protectedRest("POST", "/storage/for/write", "Write objects of any players, all or none"))
    .input(WriteObjectsForInput)
    .output(WrittenObjects)
    .mutation(({ ctx, input }) => writeObjects(ctx.deps, "service", input)),
  deleteFor: serviceProcedure
    .meta(
      protectedRest("DELETE", "/storage/for/{playerId}/{collection}/{key}", "Delete any object"),
    )
    .input(DeleteObjectForInput)
    .output(DeletedObject)
    .mutation(({ ctx, input }) => deleteObject(ctx.deps, "service", input)),
});

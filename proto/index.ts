// The wire and storage messages, as generated from proto/tessera/v1.
export * from "./gen/tessera/v1/arena_pb.ts";
export * from "./gen/tessera/v1/bus_pb.ts";
export * from "./gen/tessera/v1/frame_pb.ts";
export * from "./gen/tessera/v1/journal_pb.ts";
export * from "./gen/tessera/v1/region_pb.ts";

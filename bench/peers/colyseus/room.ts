// The arena as a Colyseus room: one world, one room, a view for each client.
import { type Client, ClientState, Room } from "@colyseus/core";
import { StateView } from "@colyseus/schema";
import { MOVE_BYTES, MOVE_MESSAGE } from "./arena.ts";
import type { Figures } from "./figures.ts";
import type { Avatar } from "./interest.ts";
import type { Settings } from "./settings.ts";
import {
  type Arena,
  DirectedPlayer,
  DirectedState,
  OWN,
  PositionedPlayer,
  PositionedState,
} from "./state.ts";
import { World } from "./world.ts";

interface Seat {
  readonly client: Client;
  /** Names the player in the state; shorter than a session id, as it goes to everyone near. */
  readonly key: string;
  readonly avatar: Avatar;
}

/** The kind of room that a server offers; it tells its figures what it does. */
export function createArenaRoom(settings: Settings, figures: Figures) {
  const tellsPositions = settings.motion === "positions";
  const [State, Player] = tellsPositions
    ? [PositionedState, PositionedPlayer]
    : [DirectedState, DirectedPlayer];

  return class ArenaRoom extends Room<{ state: Arena }> {
    override state: Arena = new State();
    override autoDispose = false;
    // Each tick ends with its patch (below), so a pose holds from the tick of its patch on.
    override patchRate = null;
    readonly #world = new World(settings);
    readonly #seats = new Map<string, Seat>();
    #nextKey = 0;
    /** Clients that have not received the full state yet. */
    readonly #arriving = new Set<Seat>();

    override onCreate(): void {
      this.onMessageBytes(MOVE_MESSAGE, (client: Client, bytes: Uint8Array) => {
        this.#receive(client, bytes);
      });
      this.setTimestep(() => {
        figures.startTick();
        this.#step();
        this.broadcastPatch();
        figures.endTick(this.#world);
      }, 1_000 / settings.rateHz);
    }

    override onJoin(client: Client): void {
      const player = new Player();
      const view = new StateView();
      const avatar = this.#world.join(player, view);
      const key = String(this.#nextKey++);
      this.state.players.set(key, player);
      client.view = view;
      view.add(player, OWN);
      const seat = { client, key, avatar };
      this.#seats.set(client.sessionId, seat);
      this.#arriving.add(seat);
    }

    override onLeave(client: Client): void {
      const seat = this.#seats.get(client.sessionId);
      if (seat === undefined) return;
      this.#seats.delete(client.sessionId);
      this.#arriving.delete(seat);
      this.#world.leave(seat.avatar);
      this.state.players.delete(seat.key);
      seat.avatar.view.dispose();
    }

    #receive(client: Client, bytes: Uint8Array): void {
      const seat = this.#seats.get(client.sessionId);
      if (seat === undefined || bytes.length !== MOVE_BYTES) return;
      const [pose = 0, low = 0, high = 0] = bytes;
      this.#world.wish(seat.avatar, pose, low | (high << 8));
    }

    #step(): void {
      for (const seat of this.#arriving) {
        if (seat.client.state !== ClientState.JOINED) continue;
        seat.avatar.isWatching = true;
        this.#arriving.delete(seat);
      }
      this.#world.step();
      this.state.tick = this.#world.tick;
    }
  };
}

/** The demo: a client, a session, the scene and the page, put together. */
import { NoticeKind } from "#proto/frame_pb.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Client, Session } from "../../index.ts";
import { ChatBox } from "../chat/chat-box.ts";
import { Connection, type ConnectionState } from "../connection.ts";
import { guestName } from "../guest-name.ts";
import { element } from "../hud/elements.ts";
import { NameField } from "../hud/name-field.ts";
import { Notice, noticeText } from "../hud/notice.ts";
import { watchPopulation } from "../population.ts";
import { cssColour } from "../scene/character-look.ts";
import { publishSession } from "../testing-hook.ts";
import { Credits } from "./credits.ts";
import { Hud } from "./hud/hud.ts";
import { PlayerInput } from "./input/listen.ts";
import { PlayerControl } from "./input/player-control.ts";
import { Stage } from "./scene/stage.ts";

/** Seconds after which the help has been read. */
const HELP_SECONDS = 12;
/** Shown behind the first message, before the world's own parameters are known. */
const FIRST_WORLD = { width: 2000, height: 2000, seed: 1 };

export interface ArenaGameOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** From the address; null makes one up for a new player. */
  readonly displayName: string | null;
  readonly random: () => number;
  readonly reducedMotion: boolean;
  readonly fullQuality: boolean;
}

/** One window's game, from opening to closing. */
export class ArenaGame {
  readonly #options: ArenaGameOptions;
  readonly #stage: Stage;
  readonly #hud = new Hud();
  readonly #notice: Notice;
  readonly #name: NameField;
  readonly #chat: ChatBox;
  readonly #input: PlayerInput;
  readonly #control = new PlayerControl();
  readonly #connection: Connection<Session>;
  readonly #credits = new Credits((text) => this.#hud.feed.add(text, true));
  #state: ConnectionState = { kind: "joining" };
  #session: Session | null = null;
  #playedSeconds = 0;

  /** Starts the scene and joins the world. */
  static async start(options: ArenaGameOptions): Promise<ArenaGame> {
    const { reducedMotion, fullQuality } = options;
    const stage = await Stage.start(
      {
        scene: element("scene", HTMLCanvasElement),
        overlay: element("overlay", HTMLCanvasElement),
        debug: element("debug", HTMLElement),
      },
      { reducedMotion, fullQuality, world: FIRST_WORLD },
    );
    return new ArenaGame(options, stage);
  }

  private constructor(options: ArenaGameOptions, stage: Stage) {
    this.#options = options;
    this.#stage = stage;
    this.#connection = new Connection({
      client: options.client,
      clock: options.clock,
      displayName: options.displayName ?? guestName(options.random),
      rename: options.displayName,
      join: () => options.client.join("arena", { viewport: stage.viewport }),
      onState: (state) => this.#onState(state),
      onSession: (session) => this.#onSession(session),
    });
    this.#notice = new Notice(() => void this.#connection.restart());
    this.#name = new NameField((name) => this.#connection.rename(name));
    const { chat } = options.client.api;
    this.#chat = new ChatBox({
      clock: options.clock,
      selfId: () => options.client.player?.id ?? null,
      block: (playerId, blocked) =>
        blocked ? chat.block.mutate({ playerId }) : chat.unblock.mutate({ playerId }),
      onLocal: (entityId, text) => this.#stage.say(entityId, text),
      onOfficial: (text) => this.#hud.announcements.add(text),
    });
    this.#input = new PlayerInput(
      {
        area: element("area", HTMLElement),
        stick: element("stick", HTMLElement),
        knob: element("knob", HTMLElement),
        attackButton: element("attack", HTMLElement),
      },
      options.clock,
    );
    element("fallen-action", HTMLElement).addEventListener("click", () => this.#respawn());
    this.#fit();
    window.addEventListener("resize", () => this.#fit());
    stage.onFrame = (dt) => this.#onFrame(dt);
    this.#watchPopulation();
    void this.#connection.start();
  }

  #fit(): void {
    this.#stage.resize(window.innerWidth, window.innerHeight, window.devicePixelRatio);
    const { width, height } = this.#stage.viewport;
    this.#session?.setViewport(width, height);
  }

  #onState(state: ConnectionState): void {
    this.#state = state;
    if (state.kind === "playing") {
      this.#name.show(this.#options.client.player?.displayName ?? "");
    } else if (state.kind !== "away") {
      this.#control.reset();
    }
  }

  #onSession(session: Session): void {
    this.#session = session;
    publishSession(session);
    this.#control.reset();
    this.#stage.bind(session);
    this.#chat.bind(session);
    this.#fit();
    session.on("notice", ({ kind, message }) => {
      if (kind === NoticeKind.ANNOUNCEMENT) this.#hud.announcements.add(message);
    });
    session.on("event", (event) => {
      if (event.type !== "death") return;
      const fallen = this.#stage.binding.bound.get(event.entity)?.view;
      const killer = this.#stage.binding.bound.get(event.killer)?.view;
      if (fallen === undefined || killer === undefined) return;
      this.#hud.feed.add(`${killer.name} felled ${fallen.name}`, killer.self || fallen.self);
    });
  }

  #onFrame(dt: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { binding } = this.#stage;
    const session = this.#session;
    this.#chat.advance(dt);
    this.#notice.show(noticeText(this.#state, { nowMs, isInWorld: binding.self !== null }));
    const wish = this.#input.read((x, y) => this.#stage.groundAt(x, y));
    // Keys are let go while the shard is away, too: the session sends what is held when it is back.
    if (session !== null && this.#state.kind === "away") {
      const still = { ...wish, attack: false };
      this.#control.apply(session, still, { self: null, dt });
    } else if (session !== null && this.#state.kind === "playing") {
      this.#control.apply(session, wish, { self: binding.self?.view ?? null, dt });
      if (wish.respawn) this.#respawn();
      if (wish.give) {
        void this.#credits.give(
          session,
          [...binding.bound.values()].map(({ view }) => view),
        );
      }
      this.#playedSeconds += dt;
      if (this.#playedSeconds > HELP_SECONDS) element("help", HTMLElement).classList.add("done");
    }
    this.#hud.update(
      {
        session,
        bound: binding.bound,
        map: this.#stage.map,
        viewport: this.#stage.viewport,
        colourOf: (id) => cssColour(this.#stage.colourOf(id)),
        returning: this.#credits.returning,
        awayMs: this.#state.kind === "away" ? nowMs - this.#state.sinceMs : null,
      },
      dt,
    );
  }

  #respawn(): void {
    if (this.#session !== null) void this.#credits.respawn(this.#session);
  }

  #watchPopulation(): void {
    watchPopulation(this.#options.client, "arena", (count) => this.#hud.showPopulation(count));
  }
}

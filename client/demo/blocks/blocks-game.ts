/** The demo in a world of blocks: a client, a session, the scene and the page, put together. */
import { NoticeKind } from "#proto/frame_pb.ts";
import { BlocksKind } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Client } from "../../index.ts";
import type {
  BlocksDurableAction,
  BlocksSession,
  BlocksSessionEvent,
} from "../../sdk/blocks/blocks-session-types.ts";
import { ChatBox } from "../chat/chat-box.ts";
import { Connection, type ConnectionState, serverWord } from "../connection.ts";
import { guestName } from "../guest-name.ts";
import { element } from "../hud/elements.ts";
import { NameField } from "../hud/name-field.ts";
import { Notice, noticeText } from "../hud/notice.ts";
import { RegionChoice } from "../hud/region-choice.ts";
import { watchPopulation } from "../population.ts";
import type { ProbeSocketClass } from "../regions/measure-way.ts";
import { RegionWays } from "../regions/region-ways.ts";
import { publishBlocks } from "../testing-hook.ts";
import { BlocksHud } from "./hud/blocks-hud.ts";
import { Help } from "./hud/help.ts";
import { BlocksInput } from "./play/blocks-input.ts";
import { Goals } from "./play/goals.ts";
import { Player } from "./play/player.ts";
import { type PocketStore, Pockets } from "./play/pockets.ts";
import { showAim } from "./play/show-aim.ts";
import { emoteOf, lineOf } from "./play/words.ts";
import { BLOCK } from "./scale.ts";
import { BlocksStage } from "./scene/blocks-stage.ts";
import type { Figure } from "./scene/figures.ts";

export interface BlocksGameOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** Where to play at first; any unless given. */
  readonly region: string | null;
  /** Another one was chosen. */
  readonly onRegion: (region: string) => void;
  /** Finds out how far regions are. */
  readonly WebSocket: ProbeSocketClass;
  /** Milliseconds that a worse path than there is adds to the way there and back. */
  readonly addedMs: number;
  /** From the address; null makes one up for a new player. */
  readonly displayName: string | null;
  readonly random: () => number;
  readonly reducedMotion: boolean;
  readonly fullQuality: boolean;
  /** Keeps the order of the bag; null forgets it with the page. */
  readonly store: PocketStore | null;
}

/** One window's game, from opening to closing. */
export class BlocksGame {
  readonly #options: BlocksGameOptions;
  readonly #stage: BlocksStage;
  readonly #hud: BlocksHud;
  readonly #notice: Notice;
  readonly #name: NameField;
  readonly #chat: ChatBox;
  readonly #player: Player;
  readonly #goals: Goals;
  readonly #connection: Connection<BlocksSession>;
  readonly #regions: RegionChoice;
  readonly #ways: RegionWays;
  #region: string | null;
  #state: ConnectionState = { kind: "joining" };
  #session: BlocksSession | null = null;
  readonly #help = new Help();
  /** Who felled the player last, in words. */
  #killer: string | null = null;

  /** Starts the scene and joins the world. */
  static async start(options: BlocksGameOptions): Promise<BlocksGame> {
    const stage = await BlocksStage.start(
      {
        scene: element("scene", HTMLCanvasElement),
        overlay: element("overlay", HTMLCanvasElement),
        debug: element("debug", HTMLElement),
      },
      options,
    );
    return new BlocksGame(options, stage);
  }

  private constructor(options: BlocksGameOptions, stage: BlocksStage) {
    this.#options = options;
    this.#region = options.region;
    this.#stage = stage;
    this.#connection = this.#createConnection();
    this.#notice = new Notice(() => void this.#connection.restart());
    this.#name = new NameField((name) => this.#connection.rename(name));
    this.#chat = this.#createChat();
    this.#regions = new RegionChoice({
      choose: (region) => void this.#moveTo(region),
      look: () => void this.#ways.refresh(),
    });
    this.#ways = new RegionWays({
      ...options,
      worldId: "blocks",
      onChange: (ways) => this.#regions.showWays(ways),
    });
    const pockets = new Pockets(options.store);
    this.#hud = this.#createHud(pockets);
    this.#goals = new Goals(options.store, (text) => this.#hud.feed.add(text, true));
    this.#player = this.#createPlayer(pockets);
    this.#fit();
    window.addEventListener("resize", () => this.#fit());
    stage.onFrame = (dt) => this.#onFrame(dt);
    stage.onDraw = (overlay) => {
      const { origin, self } = stage.binding;
      showAim(overlay, this.#player, { origin, self: self?.view ?? null });
    };
    watchPopulation(options.client, "blocks", (count) => this.#hud.showPopulation(count));
    void this.#connection.start();
  }

  #createConnection(): Connection<BlocksSession> {
    const { client, clock, displayName, random } = this.#options;
    return new Connection({
      client,
      clock,
      displayName: displayName ?? guestName(random),
      rename: displayName,
      join: () => this.#join(client),
      onState: (state) => this.#onState(state),
      onSession: (session) => this.#onSession(session),
    });
  }

  /** Into the region that is wanted; where there is no such one, into any. */
  async #join(client: Client): Promise<BlocksSession> {
    const { viewport } = this.#stage;
    const region = this.#region;
    if (region === null) return await client.join("blocks", { viewport });
    try {
      return await client.join("blocks", { viewport, region });
    } catch (error) {
      if (serverWord(error)?.code !== "NOT_FOUND") throw error;
      this.#region = null;
      this.#hud.feed.add(`There is no region ${region} here`, true);
      return await client.join("blocks", { viewport });
    }
  }

  async #moveTo(region: string): Promise<void> {
    const left = this.#session?.region;
    this.#region = region;
    this.#options.onRegion(region);
    await this.#connection.rejoin();
    if (left === undefined || left === region) return;
    this.#hud.feed.add(`What you carried in ${this.#ways.titleOf(left)} waits there`, true);
  }

  #createChat(): ChatBox {
    const { client, clock } = this.#options;
    const { chat } = client.api;
    return new ChatBox({
      clock,
      selfId: () => client.player?.id ?? null,
      block: (playerId, blocked) =>
        blocked ? chat.block.mutate({ playerId }) : chat.unblock.mutate({ playerId }),
      onLocal: (entityId, text) => this.#stage.say(entityId, text),
      onOfficial: (text) => this.#hud.announcements.add(text),
    });
  }

  #createHud(pockets: Pockets): BlocksHud {
    return new BlocksHud(pockets, {
      chooseLayer: (layer) => {
        this.#player.layer = layer;
      },
      buy: (trader, choice) => this.#player.hands?.interactWith(trader, choice),
      useChest: (place, choice) => this.#player.hands?.interactAt(place, choice),
      drop: (slot) => {
        const self = this.#stage.binding.self?.view;
        if (self === undefined) return;
        this.#player.drop(slot, 0, { x: self.x / BLOCK, y: self.y / BLOCK });
      },
      respawn: () => this.#player.hands?.respawn(),
    });
  }

  #createPlayer(pockets: Pockets): Player {
    const input = new BlocksInput({
      area: element("area", HTMLElement),
      stick: element("stick", HTMLElement),
      knob: element("knob", HTMLElement),
      attackButton: element("attack", HTMLElement),
    });
    const wishes = {
      openTrader: (entity: number) => this.#hud.openTrader(entity),
      openChest: (place: { x: number; y: number; layer: number }) => this.#hud.openChest(place),
      toggleBag: () => this.#hud.toggleBag(),
      toggleHelp: () => this.#help.toggle(),
      closePanels: () => this.#hud.closePanels(),
      tell: (text: string) => this.#hud.feed.add(text, true),
      onDone: (action: BlocksDurableAction, item: number) => {
        this.#goals.acted(action);
        if (action.case === "useItem") this.#goals.used(item);
      },
    };
    return new Player({ stage: this.#stage, input, pockets, wishes });
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
      this.#regions.showHere(this.#session?.region ?? "");
      void this.#ways.refresh();
    } else if (state.kind !== "away") this.#player.reset();
  }

  #onSession(session: BlocksSession): void {
    this.#session = session;
    publishBlocks(session, (place) => this.#stage.screenOf(place));
    this.#stage.bind(session);
    this.#player.bind(session);
    this.#chat.bind(session);
    this.#hud.reset();
    this.#fit();
    session.on("notice", ({ kind, message }) => {
      if (kind === NoticeKind.ANNOUNCEMENT) this.#hud.announcements.add(message);
    });
    session.on("event", (event) => this.#onEvent(event));
    let { health } = session.selfState;
    session.on("self", (self) => {
      // Who was dead has risen, which is shown otherwise.
      if (health > 0 && self.health > health) this.#stage.heal(self.health - health);
      health = self.health;
    });
  }

  #onEvent(event: BlocksSessionEvent): void {
    const { figures } = this.#stage;
    switch (event.type) {
      case "hit":
        if (event.attacker !== this.#session?.entityId) figures?.strike(event.attacker);
        if (event.target === this.#session?.entityId) this.#hud.hurt();
        this.#stage.strike(event.target, event.damage);
        return;
      case "death":
        this.#onDeath(event.entity, event.killer);
        return;
      case "said": {
        const speaker = figures?.get(event.entity);
        if (speaker !== undefined) this.#stage.say(event.entity, lineOf(speaker.kind, event.line));
        return;
      }
      case "emote":
        this.#stage.say(event.entity, emoteOf(event.emote));
        return;
    }
  }

  #onDeath(entity: number, killerId: number): void {
    const { figures, binding, effects } = this.#stage;
    const bound = binding.bound.get(entity);
    if (bound !== undefined) {
      const { x, z } = bound.entity.getLocalPosition();
      effects.fall(x, z, [0.9, 0.4, 0.32]);
    }
    const fallen = figures?.get(entity);
    const killer = figures?.get(killerId);
    if (killer?.self && fallen !== undefined) this.#goals.felled(fallen.kind);
    if (entity === this.#session?.entityId) {
      this.#killer = killer === undefined ? null : killerOf(killer);
    }
    if (fallen === undefined || fallen.name === "" || killer === undefined) return;
    this.#hud.feed.add(`${killer.name} felled ${fallen.name}`, killer.self || fallen.self);
  }

  #onFrame(dt: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { binding } = this.#stage;
    this.#chat.advance(dt);
    this.#notice.show(noticeText(this.#state, { nowMs, isInWorld: binding.self !== null }));
    const isPlaying = this.#state.kind === "playing";
    if (isPlaying || this.#state.kind === "away") this.#player.update(dt, isPlaying);
    if (isPlaying) this.#help.advance(dt);
    this.#hud.update(
      {
        session: this.#session,
        stage: this.#stage,
        layer: this.#player.layer,
        goals: this.#goals,
        awayMs: this.#state.kind === "away" ? nowMs - this.#state.sinceMs : null,
        isRising: this.#player.hands?.isRising ?? false,
        killer: this.#killer,
      },
      dt,
    );
  }
}

/** `A monster`, or a player's name. */
function killerOf({ kind, name }: Figure): string | null {
  if (name === "") return null;
  return kind === BlocksKind.Player ? name : `A ${name.toLowerCase()}`;
}

/** The page's chat: Enter opens it, Escape closes it, and while it is open keys are letters. */
import type { Clock } from "#shared/time/clock.ts";
import type { ChatAnswer, ChatLine, Session } from "../../index.ts";
import { element, setText } from "../hud/elements.ts";
import {
  type Acquaintance,
  type ChatCommand,
  NEAR,
  nextTalk,
  readCommand,
  type TalkTo,
} from "./chat-command.ts";
import { ChatLog, type ShownLine } from "./chat-log.ts";

/** Players who can be named; beyond it the one who spoke longest ago cannot any more. */
const KNOWN_MAX = 50;
const TAGS: Readonly<Record<string, string>> = {
  local: "Near",
  global: "All",
  team: "Team",
  guild: "Guild",
  system: "Staff",
};

/** A session of whatever world. */
type TalkingSession = Pick<Session, "chat">;

export interface ChatBoxOptions {
  readonly clock: Clock;
  /** The own player's id; null while there is none. */
  readonly selfId: () => string | null;
  /** Blocks a player or takes it back; rejects with words for people. */
  readonly block: (playerId: string, blocked: boolean) => Promise<unknown>;
  /** Something was said by somebody who is in sight. */
  readonly onLocal: (entityId: number, text: string) => void;
  /** Staff speaks. */
  readonly onOfficial: (text: string) => void;
}

export class ChatBox {
  readonly #options: ChatBoxOptions;
  readonly #root = element("chat", HTMLElement);
  readonly #form = element("chat-form", HTMLFormElement);
  readonly #input = element("chat-text", HTMLInputElement);
  readonly #channel = element("chat-channel", HTMLButtonElement);
  readonly #log = new ChatLog(element("chat-log", HTMLElement));
  readonly #known = new Map<string, Acquaintance>();
  #session: TalkingSession | null = null;
  #to: TalkTo = NEAR;
  #lastPartner: Acquaintance | null = null;
  #stop: () => void = () => undefined;

  constructor(options: ChatBoxOptions) {
    this.#options = options;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#channel.addEventListener("click", () => this.#goRound());
    element("chat-open", HTMLButtonElement).addEventListener("click", () => this.open());
    window.addEventListener("keydown", (event) => {
      const isTaken = event.target instanceof HTMLElement && event.target !== document.body;
      if (event.key !== "Enter" || event.isComposing || event.repeat || isTaken) return;
      event.preventDefault();
      this.open();
    });
    this.#input.addEventListener("blur", () => this.#closeUnless(document.activeElement));
    this.#show();
  }

  /** Hears and speaks over this session from now on. */
  bind(session: TalkingSession): void {
    this.#stop();
    this.#session = session;
    this.#stop = session.chat.onMessage((line) => this.#hear(line));
  }

  get isOpen(): boolean {
    return this.#root.classList.contains("open");
  }

  open(): void {
    this.#root.classList.add("open");
    this.#log.open = true;
    this.#show();
    this.#input.focus();
  }

  close(): void {
    this.#root.classList.remove("open");
    this.#log.open = false;
    this.#input.blur();
  }

  advance(dt: number): void {
    this.#log.advance(dt);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      this.#input.value = "";
      this.close();
    } else if (event.key === "Tab") {
      event.preventDefault();
      this.#goRound();
    }
  }

  #goRound(): void {
    this.#to = nextTalk(this.#to, this.#lastPartner);
    this.#show();
    this.#input.focus();
  }

  /** Whoever goes on inside the chat has not left it. */
  #closeUnless(active: Element | null): void {
    queueMicrotask(() => {
      const now = document.activeElement ?? active;
      if (this.isOpen && !this.#root.contains(now)) this.close();
    });
  }

  #submit(): void {
    const line = this.#input.value;
    if (line.trim() === "") {
      this.close();
      return;
    }
    const command = readCommand(line, {
      to: this.#to,
      known: [...this.#known.values()],
      lastPartner: this.#lastPartner,
    });
    this.#obey(command, line);
  }

  #obey(command: ChatCommand, line: string): void {
    if (command.kind === "fault") {
      this.#tell(command.message);
      return;
    }
    this.#input.value = "";
    if (command.kind === "switch") {
      this.#talkTo(command.to);
      return;
    }
    if (command.kind === "say") void this.#say(command.to, { text: command.text, line });
    else void this.#block(command.player, command.kind === "block");
    this.close();
  }

  async #say(to: TalkTo, { text, line }: { text: string; line: string }): Promise<void> {
    const { channel, partner } = to;
    if (partner !== null) this.#lastPartner = partner;
    const place = { channel, ...(partner !== null && { target: partner.id }) };
    const answer = await this.#session?.chat.send(text, place);
    if (answer === undefined || answer.said) return;
    this.#tell(refusalText(answer, this.#options.clock.wallMs()));
    // So that it need not be typed again.
    if (this.#input.value === "") this.#input.value = line;
  }

  async #block({ id, name }: Acquaintance, blocked: boolean): Promise<void> {
    try {
      await this.#options.block(id, blocked);
      this.#tell(blocked ? `You do not hear ${name} any more` : `You hear ${name} again`);
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error));
    }
  }

  #talkTo(to: TalkTo): void {
    this.#to = to;
    if (to.partner !== null) this.#lastPartner = to.partner;
    this.#show();
  }

  #hear(line: ChatLine): void {
    const { channel, senderId, senderName, text, entityId, target } = line;
    const isOwn = senderId === this.#options.selfId();
    if (!isOwn) this.#meet({ id: senderId, name: senderName });
    if (channel === "private" && !isOwn) this.#lastPartner = { id: senderId, name: senderName };
    const onName = isOwn ? undefined : () => this.#writeTo({ id: senderId, name: senderName });
    const partner = isOwn ? (this.#known.get(target ?? "")?.name ?? "?") : "you";
    const tag = channel === "private" ? `to ${partner}` : (TAGS[channel] ?? channel);
    this.#log.add({ kind: channel, tag, name: senderName, text, onName });
    if (entityId !== null) this.#options.onLocal(entityId, text);
    if (channel === "system") this.#options.onOfficial(text);
  }

  #writeTo(partner: Acquaintance): void {
    this.#talkTo({ channel: "private", partner });
    this.open();
  }

  #meet(player: Acquaintance): void {
    this.#known.delete(player.id);
    this.#known.set(player.id, player);
    if (this.#known.size <= KNOWN_MAX) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      break;
    }
  }

  /** Words for the player alone. */
  #tell(text: string): void {
    const line: ShownLine = { kind: "problem", tag: "", name: "", text };
    this.#log.add(line);
  }

  #show(): void {
    const { channel, partner } = this.#to;
    setText(this.#channel, partner === null ? (TAGS[channel] ?? channel) : `To ${partner.name}`);
    this.#channel.dataset.kind = channel;
    this.#input.placeholder =
      channel === "local" ? "Say something to those around you" : "Say something";
  }
}

type Refusal = Extract<ChatAnswer, { said: false }>;

/** Why a line was not said, in the page's words where it has some. */
export function refusalText(answer: Refusal, nowMs: number): string {
  const { reason, message, until, retryAfterMs } = answer;
  switch (reason) {
    case "TOO_FAST":
      return `Not so fast: say it again in ${Math.ceil(retryAfterMs / 1_000)} s`;
    case "MUTED": {
      const why = /muted (?:for ever|until \S+): (.*)$/.exec(message)?.[1] ?? message;
      const end = until === null ? "for good" : `until ${timeOf(until, nowMs)}`;
      return `You are muted ${end}: ${why}`;
    }
    case "OFFLINE":
      return "Not said: there is no connection at the moment";
    case "UNAVAILABLE":
    case "BUSY":
      return "Not said: the chat is not there at the moment; try again soon";
    case "UNKNOWN":
      return "The connection was lost: it may have been said or not";
    default:
      return sentenceOf(message);
  }
}

/** `cannot send the message: you block this player` → `Not said: you block this player`. */
function sentenceOf(message: string): string {
  return `Not said: ${message.replace(/^cannot send the message: /, "")}`;
}

function timeOf(until: Date, nowMs: number): string {
  const isSoon = until.getTime() - nowMs < 20 * 3_600_000;
  return isSoon
    ? until.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    : until.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

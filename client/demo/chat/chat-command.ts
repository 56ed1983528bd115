/** What a line that was typed means: words for a channel, another channel, or a block. */

/** Channels one can choose here. */
export type TypedChannel = "local" | "global" | "private";

/** To whom one talks. */
export interface TalkTo {
  readonly channel: TypedChannel;
  /** Of a private channel. */
  readonly partner: Acquaintance | null;
}

/** Another player who was heard of. */
export interface Acquaintance {
  readonly id: string;
  readonly name: string;
}

/** What a line asks for. */
export type ChatCommand =
  | { readonly kind: "say"; readonly to: TalkTo; readonly text: string }
  /** Talks there from now on. */
  | { readonly kind: "switch"; readonly to: TalkTo }
  | { readonly kind: "block" | "unblock"; readonly player: Acquaintance }
  | { readonly kind: "fault"; readonly message: string };

export const NEAR: TalkTo = { channel: "local", partner: null };
export const ALL: TalkTo = { channel: "global", partner: null };

const HELP = "/near, /all, /to NAME, /reply, /block NAME, /unblock NAME";

/** Reads a line, given to whom one talks, who was heard of, and who whispered last. */
export function readCommand(
  line: string,
  now: {
    readonly to: TalkTo;
    readonly known: readonly Acquaintance[];
    readonly lastPartner: Acquaintance | null;
  },
): ChatCommand {
  const command = /^\/(\w+)\s*([\s\S]*)$/.exec(line.trim());
  if (command === null) return { kind: "say", to: now.to, text: line };
  const [, name = "", rest = ""] = command;
  switch (name.toLowerCase()) {
    case "near":
    case "n":
      return sayTo(NEAR, rest);
    case "all":
    case "a":
      return sayTo(ALL, rest);
    case "reply":
    case "r":
      if (now.lastPartner === null) return { kind: "fault", message: "Nobody wrote to you yet" };
      return sayTo({ channel: "private", partner: now.lastPartner }, rest);
    case "to":
    case "w":
      return withPlayer(rest, now.known, (partner, text) =>
        sayTo({ channel: "private", partner }, text),
      );
    case "block":
      return withPlayer(rest, now.known, (player) => ({ kind: "block", player }));
    case "unblock":
      return withPlayer(rest, now.known, (player) => ({ kind: "unblock", player }));
    default:
      return { kind: "fault", message: `There is no /${name}: ${HELP}` };
  }
}

/** The next one when going round: near, all, whoever one wrote with last. */
export function nextTalk({ channel }: TalkTo, lastPartner: Acquaintance | null): TalkTo {
  if (channel === "local") return ALL;
  if (channel === "global" && lastPartner !== null) {
    return { channel: "private", partner: lastPartner };
  }
  return NEAR;
}

function sayTo(to: TalkTo, text: string): ChatCommand {
  return text === "" ? { kind: "switch", to } : { kind: "say", to, text };
}

/** Names may have blanks in them: the longest one that the line begins with is meant. */
function withPlayer(
  rest: string,
  known: readonly Acquaintance[],
  then: (player: Acquaintance, text: string) => ChatCommand,
): ChatCommand {
  const line = rest.toLowerCase();
  const meant = known
    .filter(({ name }) => line === name.toLowerCase() || line.startsWith(`${name.toLowerCase()} `))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (meant !== undefined) return then(meant, rest.slice(meant.name.length).trim());
  const name = rest.split(" ")[0] ?? "";
  const message =
    name === "" ? "Whom? Add a name" : `You have not heard of ${name} yet: who spoke can be named`;
  return { kind: "fault", message };
}

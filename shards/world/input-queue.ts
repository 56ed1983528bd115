import type { DurableCommand } from "../loop/answers.ts";
import type { PlayerCommand } from "../loop/messages.ts";
import type { WorldInputs } from "./shard-world.ts";

/** What all worlds have among their inputs. */
export type CommonInput<Player, Controls, Action> =
  | {
      readonly case: "join";
      readonly value: {
        readonly playerId: string;
        readonly name: string;
        /** What was kept when the player left. */
        readonly restored: Player | undefined;
      };
    }
  | { readonly case: "leave"; readonly value: { readonly entity: number } }
  | { readonly case: "halt"; readonly value: { readonly entity: number } }
  | { readonly case: "rename"; readonly value: { readonly entity: number; readonly name: string } }
  | { readonly case: "restart"; readonly value: object }
  | {
      readonly case: "command";
      readonly value: {
        readonly entity: number;
        readonly sequence: number;
        readonly command: CommandCase<Controls, Action>;
      };
    };

type CommandCase<Controls, Action> =
  | { readonly case: "controls"; readonly value: Controls }
  | { readonly case: "action"; readonly value: Action }
  | typeof NOTHING;

const NOTHING: { readonly case: undefined } = { case: undefined };

/** What a world brings to the queue of its inputs. */
export interface InputRules<Input, Player, Controls, Action> {
  /** Whether the player is in the world, and a join only takes its entity over. */
  hasPlayer(playerId: string): boolean;
  /** Whether one more finds room beside those who arrive in the same tick. */
  hasRoom(arriving: number): boolean;
  readPlayer(state: Uint8Array): Player;
  /** What a message carries for this world; undefined when it is for another one. */
  controlsOf(
    controls: Extract<PlayerCommand, { controls: unknown }>["controls"],
  ): Controls | undefined;
  actionOf(action: DurableCommand["action"]): Action | undefined;
  isDurable(action: Action): boolean;
  inputOf(input: CommonInput<Player, Controls, Action>): Input;
}

/** What is to happen to a world in its next tick, in the order in which it was asked for. */
export class InputQueue<Input, Player, Controls, Action> implements WorldInputs {
  readonly #rules: InputRules<Input, Player, Controls, Action>;
  #inputs: Input[] = [];
  /** New players among the queued joins. */
  #arriving = 0;
  #refused: { playerId: string }[] = [];

  constructor(rules: InputRules<Input, Player, Controls, Action>) {
    this.#rules = rules;
  }

  join({ playerId, name, restored }: Parameters<WorldInputs["join"]>[0]): void {
    if (!this.#rules.hasPlayer(playerId)) {
      if (!this.#rules.hasRoom(this.#arriving)) {
        this.#refused.push({ playerId });
        return;
      }
      this.#arriving += 1;
    }
    const player = restored === undefined ? undefined : this.#rules.readPlayer(restored);
    this.#add({ case: "join", value: { playerId, name, restored: player } });
  }

  leave(entity: number): void {
    this.#add({ case: "leave", value: { entity } });
  }

  halt(entity: number): void {
    this.#add({ case: "halt", value: { entity } });
  }

  rename(entity: number, name: string): void {
    this.#add({ case: "rename", value: { entity, name } });
  }

  restart(): void {
    this.#add({ case: "restart", value: {} });
  }

  command(entity: number, message: PlayerCommand): void {
    const { sequence } = message;
    const command = this.#read(message);
    this.#add({ case: "command", value: { entity, sequence, command } });
  }

  isDurable(message: PlayerCommand): message is DurableCommand {
    if ("controls" in message || message.actionId.length === 0) return false;
    const action = this.#rules.actionOf(message.action);
    return action !== undefined && this.#rules.isDurable(action);
  }

  /** What the tick that begins is made of, and the joins for which there is no room. */
  take(): { readonly inputs: readonly Input[]; readonly refused: readonly { playerId: string }[] } {
    const taken = { inputs: this.#inputs, refused: this.#refused };
    this.#inputs = [];
    this.#refused = [];
    this.#arriving = 0;
    return taken;
  }

  /** Nothing of another world becomes a command that the rules take. */
  #read(message: PlayerCommand): CommandCase<Controls, Action> {
    if ("controls" in message) {
      const value = this.#rules.controlsOf(message.controls);
      return value === undefined ? NOTHING : { case: "controls", value };
    }
    const value = this.#rules.actionOf(message.action);
    if (value === undefined) return NOTHING;
    // Without its id nobody could be told what it led to.
    const isAnonymous = message.actionId.length === 0 && this.#rules.isDurable(value);
    return isAnonymous ? NOTHING : { case: "action", value };
  }

  #add(input: CommonInput<Player, Controls, Action>): void {
    this.#inputs.push(this.#rules.inputOf(input));
  }
}

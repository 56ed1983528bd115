// Command lines of the commands for databases and of the doctor.
import { nearest } from "#shared/infra/nearest.ts";
import { ConfigurationError } from "#shared/infra/settings.ts";

export interface FlagRules {
  /** Begins the errors: `back up`, as in "cannot back up: …". */
  readonly does: string;
  readonly usage: string;
  /** Flags with a value; they may come again. */
  readonly withValue?: readonly string[];
  readonly alone?: readonly string[];
  /** Words beside the flags, at most so many. */
  readonly wordsMax?: number;
}

export interface Flags {
  has(flag: string): boolean;
  /** The last value of a flag. */
  one(flag: string): string | undefined;
  all(flag: string): readonly string[];
  readonly words: readonly string[];
}

/** Reads them; throws ConfigurationError that says what is allowed. */
export function readFlags(given: readonly string[], rules: FlagRules): Flags {
  const { does, usage, withValue = [], alone = [], wordsMax = 0 } = rules;
  const refuse = (why: string) => new ConfigurationError(`cannot ${does}: ${why}\n${usage}`);
  const values = new Map<string, string[]>();
  const words: string[] = [];
  const waiting = [...given];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (!word.startsWith("-")) {
      words.push(word);
    } else if (alone.includes(word)) {
      values.set(word, []);
    } else if (withValue.includes(word)) {
      const value = waiting.shift();
      if (!value) throw refuse(`${word} has no value`);
      values.set(word, [...(values.get(word) ?? []), value]);
    } else {
      const meant = nearest(word, [...alone, ...withValue]);
      throw refuse(`there is no flag ${word}${meant ? `; did you mean ${meant}?` : ""}`);
    }
  }
  const surplus = words[wordsMax];
  if (surplus !== undefined) throw refuse(`${surplus} is one word too many`);
  return {
    has: (flag) => values.has(flag),
    one: (flag) => values.get(flag)?.at(-1),
    all: (flag) => values.get(flag) ?? [],
    words,
  };
}

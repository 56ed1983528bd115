// Structured logging; the only file that knows LogTape.
import { configureSync, getLogger, type LogRecord } from "@logtape/logtape";
import { formatHuman, formatJson, type LogLine } from "./log-format.ts";
import type { Mode } from "./settings.ts";

/** From the most talkative to the most severe. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** What a line says beside its message; values under secret-looking names are hidden. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a process tells what happens. The message is plain text, all values go into fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose every line carries `fields` too. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  /** Which process speaks: server, shard, bots. */
  readonly process: string;
  /** The least severe level that is written. */
  readonly level?: LogLevel;
  /** One readable line in development, one JSON object per line in production. */
  readonly mode?: Mode;
  /** Takes each line, without a line break; standard output by default. */
  readonly write?: (line: string) => void;
}

const LEVELS: readonly LogLevel[] = ["debug", "info", "warning", "error"];

/** A log for one process. */
export function createLog(options: LogOptions): Log {
  const { process, level = "info", mode = "development", write = writeToStandardOutput } = options;
  const format = mode === "production" ? formatJson : formatHuman;
  const outlet = openOutlet((record) => {
    write(format(toLine(process, record)));
  });
  return bindLog(outlet, LEVELS.indexOf(level), {});
}

interface Outlet {
  emit(level: LogLevel, message: string, fields: LogFields): void;
}

function bindLog(outlet: Outlet, levelMin: number, bound: LogFields): Log {
  function at(level: LogLevel): (message: string, fields?: LogFields) => void {
    if (LEVELS.indexOf(level) < levelMin) return () => undefined;
    return (message, fields) => outlet.emit(level, message, { ...bound, ...fields });
  }
  return {
    debug: at("debug"),
    info: at("info"),
    warning: at("warning"),
    error: at("error"),
    child: (fields) => bindLog(outlet, levelMin, { ...bound, ...fields }),
  };
}

// LogTape is configured once per program, but a program (a test) may hold several logs: one sink
// hands each record to the log that it came from, which is the second part of its category.
const takers = new Map<string, (record: LogRecord) => void>();

function openOutlet(take: (record: LogRecord) => void): Outlet {
  if (takers.size === 0) configureLogTape();
  const id = String(takers.size);
  takers.set(id, take);
  const logger = getLogger(["tessera", id]);
  return {
    emit(level, message, properties) {
      // Not logger.info(…): that would read braces in the message as placeholders.
      const timestamp = Date.now();
      logger.emit({ level, message: [message], rawMessage: message, timestamp, properties });
    },
  };
}

function configureLogTape(): void {
  configureSync({
    reset: true,
    sinks: { tessera: (record) => takers.get(record.category[1] ?? "")?.(record) },
    loggers: [
      { category: "tessera", lowestLevel: "debug", sinks: ["tessera"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: [] },
    ],
  });
}

function toLine(process: string, record: LogRecord): LogLine {
  const { timestamp, level, message, properties } = record;
  return { timeMs: timestamp, level, process, message: message.join(""), fields: properties };
}

function writeToStandardOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}

// Which port a process listens on, when the one it wants is taken.
import { ConfigurationError, type Mode, type SettingName } from "./settings.ts";

/** Ports tried after a taken one, in development. */
const PORTS_TRIED_MAX = 50;

export interface ListenPlace {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly mode: Mode;
  /** The setting to change when the port cannot be had. */
  readonly setting: SettingName;
}

/**
 * Starts a listener through `start`. A taken port means the next free one in development;
 * otherwise, or when none is free, a ConfigurationError says what to do.
 */
export async function listenOnFreePort<Server>(
  place: ListenPlace,
  start: (port: number) => Server | Promise<Server>,
): Promise<Server> {
  const { host, port, mode, setting } = place;
  const tries = mode === "production" || port === 0 ? 1 : PORTS_TRIED_MAX;
  for (let offset = 0; offset < tries && port + offset <= 65_535; offset++) {
    try {
      return await start(port + offset);
    } catch (error) {
      if (!isTaken(error)) throw refuse(place, error);
    }
  }
  throw new ConfigurationError(
    `cannot listen on ${host}:${port}: the port is taken; stop the process that holds it or set ` +
      `${setting} to a free one`,
  );
}

function refuse({ host, port, setting }: ListenPlace, cause: unknown): ConfigurationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfigurationError(
    `cannot listen on ${host}:${port}: ${reason}; check TESSERA_HOST and ${setting}`,
    { cause },
  );
}

/** Whether an error says that somebody else listens there. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

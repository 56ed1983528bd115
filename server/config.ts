/** The server's settings: the only place of this process that reads the environment. */
import { readClusterSecret } from "#shared/infra/cluster-secret.ts";
import { controlDatabasePath } from "#shared/infra/db/data-folder.ts";
import {
  ConfigurationError,
  type Environment,
  type Mode,
  readMode,
  readSettings,
} from "#shared/infra/settings.ts";

/** Reads and checks everything; throws ConfigurationError. */
export function readConfig(environment: Environment) {
  const mode = readMode(environment);
  const settings = readSettings(
    [
      "TESSERA_DATA",
      "TESSERA_HOST",
      "TESSERA_PORT",
      "TESSERA_PUBLIC_URL",
      "TESSERA_BUS",
      "TESSERA_CLUSTER_SECRET",
      "TESSERA_ALLOWED_ORIGINS",
      "TESSERA_SMTP_URL",
      "TESSERA_MAIL_FROM",
      "TESSERA_STAFF_TOTP",
      "TESSERA_TRUSTED_PROXIES",
      "TESSERA_LIMIT_FACTOR",
      "TESSERA_LOG_LEVEL",
    ],
    environment,
  );
  const data = settings.TESSERA_DATA;
  return Object.freeze({
    mode,
    data,
    databasePath: controlDatabasePath(data),
    host: settings.TESSERA_HOST,
    port: settings.TESSERA_PORT,
    publicUrl: readPublicUrl(settings.TESSERA_PUBLIC_URL, mode),
    clusterSecret: readClusterSecret({ data, configured: settings.TESSERA_CLUSTER_SECRET, mode }),
    allowedOrigins: settings.TESSERA_ALLOWED_ORIGINS ?? [],
    smtpUrl: settings.TESSERA_SMTP_URL,
    mailFrom: settings.TESSERA_MAIL_FROM,
    staffTotp: settings.TESSERA_STAFF_TOTP ?? (mode === "production" ? "required" : "optional"),
    trustedProxies: settings.TESSERA_TRUSTED_PROXIES ?? [],
    limitFactor: settings.TESSERA_LIMIT_FACTOR,
    logLevel: settings.TESSERA_LOG_LEVEL,
  });
}

export type ServerConfig = ReturnType<typeof readConfig>;

function readPublicUrl(given: string | undefined, mode: Mode): string | undefined {
  if (given !== undefined || mode !== "production") return given;
  throw new ConfigurationError(
    "cannot start without TESSERA_PUBLIC_URL in production: set the address under which players " +
      "reach the server, such as https://play.example.com",
  );
}

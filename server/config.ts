/** The server's settings: the only place of this process that reads the environment. */
import { readClusterSecret } from "#shared/infra/cluster-secret.ts";
import { controlDatabasePath } from "#shared/infra/db/data-folder.ts";
import { describeSettings } from "#shared/infra/describe-settings.ts";
import { regionFolderOf } from "#shared/infra/region-file.ts";
import {
  ConfigurationError,
  type Environment,
  type Mode,
  readMode,
  readSettings,
  type SettingName,
  type Settings,
} from "#shared/infra/settings.ts";
import type { IdentitySettings } from "./domains/auth/index.ts";

/** What this process reads. */
const SETTINGS = [
  "TESSERA_DATA",
  "TESSERA_HOST",
  "TESSERA_PORT",
  "TESSERA_PUBLIC_URL",
  "TESSERA_REGIONS",
  "TESSERA_BUS",
  "TESSERA_SYNC_STREAM",
  "TESSERA_SYNC_RETENTION_HOURS",
  "TESSERA_REDIS",
  "TESSERA_CLUSTER_SECRET",
  "TESSERA_ALLOWED_ORIGINS",
  "TESSERA_SMTP_URL",
  "TESSERA_MAIL_FROM",
  "TESSERA_STAFF_TOTP",
  "TESSERA_TRUSTED_PROXIES",
  "TESSERA_LIMIT_FACTOR",
  "TESSERA_OIDC_ISSUER",
  "TESSERA_OIDC_CLIENT_ID",
  "TESSERA_OIDC_CLIENT_SECRET",
  "TESSERA_OIDC_SCOPE",
  "TESSERA_OIDC_REDIRECT_URLS",
  "TESSERA_JWT_ISSUER",
  "TESSERA_JWT_AUDIENCE",
  "TESSERA_JWT_KEYS_URL",
  "TESSERA_EVENT_DAYS",
  "TESSERA_WEBHOOK_SECRET",
  "TESSERA_WEBHOOK_LOOPBACK",
  "TESSERA_LOG_LEVEL",
] as const;

/** Reads and checks everything; throws ConfigurationError. */
export function readConfig(environment: Environment) {
  const mode = readMode(environment);
  const settings = readSettings(SETTINGS, environment);
  const data = settings.TESSERA_DATA;
  return Object.freeze({
    mode,
    data,
    databasePath: controlDatabasePath(data),
    host: settings.TESSERA_HOST,
    port: settings.TESSERA_PORT,
    regionFolder: regionFolderOf(environment),
    bus: settings.TESSERA_BUS,
    redis: settings.TESSERA_REDIS,
    publicUrl: readPublicUrl(settings.TESSERA_PUBLIC_URL, mode),
    clusterSecret: readClusterSecret({ data, configured: settings.TESSERA_CLUSTER_SECRET, mode }),
    allowedOrigins: settings.TESSERA_ALLOWED_ORIGINS ?? [],
    smtpUrl: settings.TESSERA_SMTP_URL,
    mailFrom: settings.TESSERA_MAIL_FROM,
    staffTotp: settings.TESSERA_STAFF_TOTP ?? (mode === "production" ? "required" : "optional"),
    trustedProxies: settings.TESSERA_TRUSTED_PROXIES ?? [],
    limitFactor: settings.TESSERA_LIMIT_FACTOR,
    identity: readIdentity(settings, mode),
    inboundSecret: settings.TESSERA_WEBHOOK_SECRET,
    webhookLoopback: readWebhookLoopback(settings.TESSERA_WEBHOOK_LOOPBACK, mode),
    eventDays: settings.TESSERA_EVENT_DAYS,
    described: describeSettings(SETTINGS, environment),
    logLevel: settings.TESSERA_LOG_LEVEL,
  });
}

export type ServerConfig = ReturnType<typeof readConfig>;

function readWebhookLoopback(given: "on" | "off", mode: Mode): boolean {
  if (given === "on" && mode === "production") {
    throw new ConfigurationError(
      "cannot use TESSERA_WEBHOOK_LOOPBACK=on in production: webhooks would reach what this " +
        "machine keeps to itself; remove it",
    );
  }
  return given === "on";
}

function readPublicUrl(given: string | undefined, mode: Mode): string | undefined {
  if (given !== undefined || mode !== "production") return given;
  throw new ConfigurationError(
    "cannot start without TESSERA_PUBLIC_URL in production: set the address under which players " +
      "reach the server, such as https://play.example.com",
  );
}

type IdentitySetting = Extract<SettingName, `TESSERA_${"OIDC" | "JWT"}_${string}`>;

/** Who else vouches for people; throws ConfigurationError when half of it is missing. */
function readIdentity(
  settings: Settings<IdentitySetting | "TESSERA_PUBLIC_URL" | "TESSERA_PORT">,
  mode: Mode,
): IdentitySettings {
  const { TESSERA_OIDC_ISSUER: issuer, TESSERA_OIDC_CLIENT_ID: clientId } = settings;
  if ((issuer === undefined) !== (clientId === undefined)) {
    throw new ConfigurationError(
      "cannot use one of TESSERA_OIDC_ISSUER and TESSERA_OIDC_CLIENT_ID alone: set both or none",
    );
  }
  const here = settings.TESSERA_PUBLIC_URL ?? `http://127.0.0.1:${settings.TESSERA_PORT}`;
  const oidc =
    issuer === undefined || clientId === undefined
      ? undefined
      : {
          issuer,
          clientId,
          clientSecret: settings.TESSERA_OIDC_CLIENT_SECRET,
          scope: settings.TESSERA_OIDC_SCOPE,
          redirectUrls: settings.TESSERA_OIDC_REDIRECT_URLS ?? [`${here}/play`],
        };
  return { mode, oidc, jwt: readJwt(settings) };
}

function readJwt(settings: Settings<IdentitySetting>): IdentitySettings["jwt"] {
  const { TESSERA_JWT_ISSUER: issuer, TESSERA_JWT_AUDIENCE: audience } = settings;
  if (issuer === undefined) return undefined;
  const keysUrl = settings.TESSERA_JWT_KEYS_URL ?? `${issuer}/.well-known/jwks.json`;
  return { issuer, audience, keysUrl };
}

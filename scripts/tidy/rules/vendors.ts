import { listImports, packageOf } from "../imports.ts";
import { type Rule, violationAt } from "../tree.ts";

/**
 * Where each package may be imported. One that is replaced, or breaks with a new version, then
 * has one place in which to look.
 */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  "@bufbuild/protobuf": /^(proto|shared|shards|client|bench)\/|^server\/domains\/events\//,
  "@colyseus/bun-websockets": /^bench\/peers\/colyseus\//,
  "@colyseus/core": /^bench\/peers\/colyseus\//,
  "@colyseus/schema": /^bench\/peers\/colyseus\//,
  "@colyseus/sdk": /^bench\/peers\/colyseus\//,
  "@colyseus/ws-transport": /^bench\/peers\/colyseus\//,
  "@libsql/client": /^shared\/infra\/db\//,
  "@logtape/logtape": /^shared\/infra\/log\.ts$/,
  "@nats-io/jetstream": /^shared\/infra\/bus\/nats-/,
  "@nats-io/kv": /^shared\/infra\/bus\/nats-/,
  "@nats-io/transport-node": /^shared\/infra\/bus\/nats-/,
  "@trpc/client": /^client\/sdk\/api\.ts$/,
  "@trpc/server": /^server\/|^bench\/benchmarks\/api\//,
  "drizzle-kit": /^drizzle\.config\.ts$/,
  "drizzle-orm": /^shared\/infra\/db\/|^server\/domains\/|^shards\/persistence\//,
  elysia: /^server\/(app\.ts$|http\/)/,
  eventsource: /^client\/(sdk|bots|replay)\//,
  "fast-check": /\.(test|fuzz)\.ts$/,
  jose: new RegExp(
    [
      "^server/domains/auth/|^shared/infra/services/|^shards/(gateway/tickets|shard|main)\\.ts$",
      "/testing/|^bench/",
    ].join("|"),
  ),
  nodemailer: /^shared\/infra\/mail\/smtp-mailer\.ts$/,
  "openapi-typescript": /^server\/testing\/openapi-types\.ts$/,
  "oidc-provider": /^server\/testing\//,
  "openid-client": /^server\/domains\/auth\/identity\//,
  otpauth: /^server\/domains\/auth\/totp\.ts$/,
  playcanvas: /^client\/playcanvas\//,
  "playwright-core": /^shared\/testing\/chromium\.ts$/,
  "prom-client": /^shared\/infra\/metrics\.ts$/,
  redis: /^shared\/infra\/redis\/redis-client\.ts$/,
  "smtp-server": /^server\/testing\//,
  standardwebhooks: /^server\/domains\/webhooks\//,
  superjson: /^client\/sdk\/api\.ts$|^server\/trpc\.ts$|^bench\/benchmarks\/api\//,
  "swagger-ui-dist": /^server\/http\/docs\.ts$/,
  "trpc-to-openapi": /^server\/http\/openapi\.ts$/,
  "typescript-with-api": /^server\/testing\/openapi-types\.ts$/,
  "zod-openapi": /^server\/http\/openapi\.ts$/,
  zod: /^shared\/(model|infra)\/|^server\/|^shards\/(config|flags)\.ts$|^(scripts|bench)\//,
};

/** Each package is known in few places. */
export const vendors: Rule = {
  name: "vendor confinement",
  check: (tree) =>
    tree.sources.flatMap((file) =>
      listImports(file).flatMap(({ specifier, target, at }) => {
        if (target !== undefined || /^(node:|bun(:|$))/.test(specifier)) return [];
        const name = packageOf(specifier);
        const allowed = ALLOWED[name];
        if (allowed === undefined) {
          return [violationAt(file, at, `${name} has no place; give it one in vendors.ts`)];
        }
        // A test may use the real thing to look at what the code made.
        if (allowed.test(file.path) || /\.(test|fuzz)\.ts$/.test(file.path)) return [];
        return [violationAt(file, at, `${name} belongs to ${allowed.source}; go through that`)];
      }),
    ),
};

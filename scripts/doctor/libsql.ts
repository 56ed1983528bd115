// The libSQL servers to which shards ship and from which standbys read.
import { decodeJwt } from "./decode-jwt.ts";
import { type Finding, reasonOf } from "./finding.ts";

const ANSWER_MS_MAX = 5_000;
/** A token that ends sooner is told of. */
const DAYS_LEFT_MIN = 7;
const DAY_SECONDS = 86_400;

export interface LibsqlPlan {
  /** As in findings: what it is for, and the names of its settings. */
  readonly check: string;
  readonly setting: "TESSERA_LIBSQL" | "TESSERA_STANDBY";
  readonly urls: readonly string[];
  readonly token: string | undefined;
  readonly needsWrite: boolean;
  readonly nowMs: number;
}

/** Whether each server answers and takes the token. */
export async function checkLibsql(plan: LibsqlPlan): Promise<Finding[]> {
  const { urls } = plan;
  const answers = await Promise.all(urls.map((url) => checkServer(plan, url)));
  return [...answers, ...checkToken(plan)];
}

async function checkServer({ check, setting, token }: LibsqlPlan, url: string): Promise<Finding> {
  const startMs = performance.now();
  let response: Response;
  try {
    response = await fetch(new URL("/v2/pipeline", url.replace(/^libsql:/, "https:")), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({
        requests: [{ type: "execute", stmt: { sql: "SELECT 1" } }, { type: "close" }],
      }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
  } catch (error) {
    const fix = `start that server, or mend ${setting}_URL; in development: bun run services`;
    const text = `${url} cannot be reached: ${reasonOf(error)}`;
    return { check, status: "problem", text, fix };
  }
  const ms = performance.now() - startMs;
  if (response.ok) return { check, status: "ok", text: `${url} answers in ${ms.toFixed(0)} ms` };
  if (response.status === 401 || response.status === 403) {
    const fix = `set ${setting}_TOKEN to a token that it takes, and that has not run out`;
    return { check, status: "problem", text: `${url} refuses the token`, fix };
  }
  const fix = `mend ${setting}_URL: each shard needs a database of its own there`;
  return { check, status: "problem", text: `${url} answers ${response.status}`, fix };
}

/** What the token says of itself. */
function checkToken({ check, setting, token, needsWrite, nowMs }: LibsqlPlan): Finding[] {
  const claims = token === undefined ? undefined : decodeJwt(token);
  if (claims === undefined) return [];
  const found: Finding[] = [];
  if (needsWrite && claims.a === "ro") {
    const fix = `set ${setting}_TOKEN to one that may write`;
    found.push({ check, status: "problem", text: "the token may only read", fix });
  }
  const daysLeft = ((claims.exp ?? Number.POSITIVE_INFINITY) - nowMs / 1_000) / DAY_SECONDS;
  if (daysLeft < DAYS_LEFT_MIN) {
    const fix = `set ${setting}_TOKEN to a new one`;
    const text =
      daysLeft < 0 ? "the token has run out" : `the token runs out in ${daysLeft.toFixed(1)} days`;
    found.push({ check, status: daysLeft < 0 ? "problem" : "warning", text, fix });
  }
  return found;
}

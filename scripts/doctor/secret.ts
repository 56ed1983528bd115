import { findClusterSecret } from "#shared/infra/cluster-secret.ts";
import type { Mode } from "#shared/infra/settings.ts";
import { type Finding, reasonOf } from "./finding.ts";

export interface SecretPlan {
  readonly data: string;
  readonly configured: string | undefined;
  readonly mode: Mode;
}

/** Whether processes could start with the cluster secret, and would in production. */
export function checkSecret(plan: SecretPlan): Finding {
  const check = "cluster secret";
  const fix = "set TESSERA_CLUSTER_SECRET to the output of `openssl rand -base64 32`";
  try {
    const found = findClusterSecret(plan);
    if (found === undefined) {
      return { check, status: "ok", text: "none yet; the first start makes one" };
    }
    if (plan.configured !== undefined) findClusterSecret({ ...plan, mode: "production" });
    const from = plan.configured === undefined ? "from the data folder" : "as configured";
    return { check, status: "ok", text: `${found.length} characters, ${from}` };
  } catch (error) {
    if (plan.mode === "production") {
      return { check, status: "problem", text: reasonOf(error), fix };
    }
    const text = "too weak for anything but development on this machine";
    return plan.configured === undefined
      ? { check, status: "problem", text: reasonOf(error), fix }
      : { check, status: "warning", text, fix };
  }
}

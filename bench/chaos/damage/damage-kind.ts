import type { Statement } from "#shared/infra/db/database.ts";
import type { Random } from "#shared/sim/index.ts";
import type { DatabaseImage, Lab } from "./lab.ts";
import type { SqlReader } from "./sql-reader.ts";

/** One way in which rows are damaged; undefined when chance led to no change. */
export interface RowDamage {
  readonly kind: "rows";
  readonly name: string;
  readonly statements: (
    reader: SqlReader,
    random: Random,
    lab: Lab,
  ) => Promise<readonly Statement[] | undefined>;
}

/** One way in which files are damaged. */
export interface FileDamage {
  readonly kind: "files";
  readonly name: string;
  readonly apply: (lab: Lab, random: Random) => DatabaseImage;
}

export type DamageKind = RowDamage | FileDamage;

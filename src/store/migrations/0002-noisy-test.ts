/** Measures of the test split with noise added to its inputs, for trials that have them. */
import type { Kysely, Migration } from "kysely";

const scalars = [
  "loss",
  "accuracy",
  "macro_precision",
  "macro_recall",
  "macro_f1",
  "weighted_precision",
  "weighted_recall",
  "weighted_f1",
];

export const noisyTest: Migration = {
  async up(db: Kysely<unknown>) {
    // One column a statement: SQLite adds no more.
    for (const scalar of scalars)
      await db.schema.alterTable("epochs").addColumn(`noisy_test_${scalar}`, "double precision").execute();
    await db.schema.alterTable("confusions").addColumn("noisy_test", "bytea").execute();
  },
};

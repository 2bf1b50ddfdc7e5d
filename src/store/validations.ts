/** What tuning may see of trials: how they ended and their measures of the validation split. No other column is read. */
import type { TrialStatus } from "../run/records.ts";
import { chunks, type Db } from "./tables.ts";

export interface StoredValidation {
  status: TrialStatus;
  /** After each epoch; empty without a validation split. Balanced accuracy is the plain mean of the recalls of all classes. */
  validation: { accuracy: number; balancedAccuracy: number; macroF1: number }[];
}

/** Those of the trials that have ended. */
export async function validations(db: Db, ids: readonly string[]): Promise<Map<string, StoredValidation>> {
  const found = new Map<string, StoredValidation>();
  for (const some of chunks(ids)) {
    const trials = await db
      .selectFrom("trials")
      .select(["id", "status"])
      .where("id", "in", some)
      .where("status", "in", ["done", "diverged"])
      .execute();
    for (const { id, status } of trials) found.set(id, { status, validation: [] });
    const epochs = await db
      .selectFrom("epochs")
      .select(["trial", "validation_accuracy", "validation_macro_recall", "validation_macro_f1"])
      .where("trial", "in", some)
      .where("validation_accuracy", "is not", null)
      .orderBy("epoch")
      .execute();
    for (const row of epochs) {
      found.get(row.trial)?.validation.push({
        accuracy: Number(row.validation_accuracy),
        balancedAccuracy: Number(row.validation_macro_recall),
        macroF1: Number(row.validation_macro_f1),
      });
    }
  }
  return found;
}

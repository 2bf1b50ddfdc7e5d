/** Several reads as of one moment, whatever others commit meanwhile. */
import type { Transaction } from "kysely";
import type { Db, Tables } from "./tables.ts";

export const asOfOneMoment = <T>(db: Db, read: (trx: Transaction<Tables>) => Promise<T>): Promise<T> =>
  db.transaction().setAccessMode("read only").setIsolationLevel("repeatable read").execute(read);

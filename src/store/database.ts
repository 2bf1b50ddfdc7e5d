/** What a kind of database brings with it beyond what kysely evens out. */
import type { Expression, RawBuilder } from "kysely";
import type { CheckpointFiles } from "./checkpoint-files.ts";
import type { Hold } from "./hold.ts";
import type { Db } from "./tables.ts";

export interface Database {
  db: Db;
  /** Where it is, for messages: without a password. */
  place: string;
  /** Milliseconds since 1970 by the clock of the database, the same for all machines. */
  now: RawBuilder<number>;
  /** The values of a group as a JSON array in no order. */
  gathered(values: Expression<unknown>): RawBuilder<string>;
  /** A number that changes when another connection has changed something. */
  dataVersion(): Promise<number>;
  /** From now on writing is an error. */
  refuseWrites(): Promise<void>;
  /** Where the checkpoints of its store lie. */
  files(hold?: Hold): CheckpointFiles;
  /** What an error comes to where a store cannot be opened. */
  explained(error: unknown): unknown;
  /** Whether the same transaction may well succeed when it is tried again: a connection was lost, or another was in the way. */
  isPassing(error: unknown): boolean;
}

/** Answers to what studies ask of their trials. An answer is kept with the epoch whose weights it is of, and is deleted with it. */
import { type Observation, questionKey, type TrialObservation } from "../run/observations.ts";
import { chunks, type Db, type ObservationRow } from "./tables.ts";

const NUMBERS = ["NaN", "Infinity", "-Infinity"];

/** JSON in which numbers that are not finite are texts. */
const toText = (value: unknown): string =>
  JSON.stringify(value, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? String(v) : v));

const fromText = (text: string): unknown =>
  JSON.parse(text, (_, v) => (typeof v === "string" && NUMBERS.includes(v) ? Number(v) : v));

export const observationToRow = ({ trial, epoch, question, answer }: TrialObservation): ObservationRow => ({
  trial,
  epoch,
  question: questionKey(question),
  answer: toText(answer),
});

export const observationFromRow = ({ epoch, question, answer }: ObservationRow): Observation =>
  ({ epoch, question: JSON.parse(question), answer: fromText(answer) }) as Observation;

export async function saveObservations(db: Db, observations: readonly TrialObservation[]): Promise<void> {
  for (const some of chunks(observations)) {
    await db
      .insertInto("observations")
      .values(some.map(observationToRow))
      .onConflict((c) =>
        c.columns(["trial", "epoch", "question"]).doUpdateSet((eb) => ({ answer: eb.ref("excluded.answer") })),
      )
      .execute();
  }
}

/** The questions that have been answered for each trial after its last epoch, as keys. */
export async function answeredQuestions(db: Db, trials: readonly string[]): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>(trials.map((trial) => [trial, new Set()]));
  for (const some of chunks(trials)) {
    const rows = await db
      .selectFrom("observations as o")
      .select(["o.trial", "o.question"])
      .where("o.trial", "in", some)
      .where("o.epoch", "=", (eb) =>
        eb
          .selectFrom("epochs")
          .select((sub) => sub.fn.max("epoch").as("last"))
          .whereRef("epochs.trial", "=", "o.trial"),
      )
      .execute();
    for (const { trial, question } of rows) found.get(trial)!.add(question);
  }
  return found;
}

/** Studies as they are typed: checked as `losslab run` checks them, without their data. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, sep } from "node:path";
import { isOwnPath } from "../data/own/path.ts";
import { pathFrom } from "../lab/datasets.ts";
import { ownLosses } from "../lab/own-losses.ts";
import type { ExpandedStudy } from "../study/expand.ts";
import { checkStudy, readYaml } from "../study/parse.ts";
import { errorsOf, UserError } from "../util/errors.ts";
import type { CheckView, ProblemView } from "./api.ts";

export interface CheckOptions {
  /** From which paths of own data count, and which they may not leave. */
  folder: string;
  allowCode: boolean;
}

/** Stands for the study's file in the places of its problems. */
const FILE = "study.yaml";

function problemOf({ message, where, hint }: UserError): ProblemView {
  const [, line, column, path] = /^study\.yaml(?::(\d+):(\d+))?(?: {2}(.*))?$/.exec(where ?? "") ?? [];
  return {
    message,
    hint: hint ?? null,
    line: line ? Number(line) : null,
    column: column ? Number(column) : null,
    path: path ?? null,
  };
}

/** The nearest folder above a path that is there, links resolved: what is not there yet cannot be followed. */
function real(path: string): string {
  for (let there = path; ; there = dirname(there)) if (existsSync(there)) return realpathSync(there);
}

/** A page reads no files beyond the dashboard's own folder. */
function refuseOutside({ data }: ExpandedStudy, { folder, allowCode }: CheckOptions): void {
  if (allowCode) return;
  const home = realpathSync(folder);
  for (const { set } of data) {
    if (!isOwnPath(set)) continue;
    const path = real(pathFrom(folder, set));
    if (path === home || path.startsWith(home + sep)) continue;
    throw new UserError(
      `data ${set} lie outside the folder of the dashboard`,
      undefined,
      "start the dashboard in a folder above them, or with --allow-code",
    );
  }
}

/** @throws UserError that names everything that is wrong */
export async function checkedStudy(yaml: string, options: CheckOptions): Promise<ExpandedStudy> {
  const read = readYaml(yaml, FILE);
  const own = await ownLosses(read.said, FILE, options.allowCode);
  const study = checkStudy({ ...read, said: own.said }, [], own.zoo);
  refuseOutside(study, options);
  return study;
}

const product = (values: readonly unknown[][]): number => values.reduce((n, v) => n * v.length, 1);

export async function check(yaml: string, options: CheckOptions): Promise<CheckView> {
  try {
    const { name, data, entries, epochs, batchSize, ema, seeds } = await checkedStudy(yaml, options);
    const configurations = product([data, ...Object.values(entries), epochs, batchSize, ...(ema.length > 0 ? [ema] : [])]); // biome-ignore format: one line
    return {
      problems: [],
      study: { name, trials: configurations * seeds.length, epochs: Math.max(...epochs), seeds: seeds.length },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problems: errorsOf(error).map(problemOf), study: null };
  }
}

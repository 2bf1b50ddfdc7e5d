/** The written reports that come with losslab. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { namesIn, presetFolder } from "../lab/study.ts";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import { readReport, type WrittenReport } from "./report-file.ts";

const folder = (): string => join(presetFolder(), "reports");

export const reportNames = (): string[] => namesIn(folder());

/** @param name a report's letter, or `all` */
export function writtenReports(name: string): WrittenReport[] {
  const names = reportNames();
  if (name !== "all" && !names.includes(name))
    throw new UserError(`there is no report "${name}"`, undefined, suggest(name, [...names, "all"]));
  return (name === "all" ? names : [name]).map((one) => {
    const file = join(folder(), `${one}.yaml`);
    return readReport(readFileSync(file, "utf8"), file);
  });
}

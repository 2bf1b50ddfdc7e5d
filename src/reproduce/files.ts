/** The written reports that come with losslab. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { presetFolder } from "../lab/study.ts";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import { readReport, type WrittenReport } from "./report-file.ts";

const folder = (): string => join(presetFolder(), "reports");

export const reportNames = (): string[] =>
  readdirSync(folder())
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();

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

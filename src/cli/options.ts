/** Options that several commands share. */
import { type Command, Option } from "commander";
import { languages } from "../report/words/languages.ts";
import { type Device, devices } from "../run/devices.ts";
import { DEFAULT_STORE } from "../store/place.ts";
import { UserError } from "../util/errors.ts";
import { nearest } from "../util/nearest.ts";

const gather = (value: string, before: string[]): string[] => [...before, value];

export const withStudyOptions = (command: Command): Command =>
  command
    .option("--set <path=value>", "override a field of the study; may be repeated", gather, [])
    .option("--data <dir>", "folder of real data in the official formats (default: $LOSSLAB_DATA)")
    .option("--allow-code", "let the study name code: losses of your own, studies in JavaScript");

export const withStore = (command: Command): Command =>
  command.addOption(
    new Option("--store <place>", "where results are kept: a folder, or a PostgreSQL database as postgres://…")
      .env("LOSSLAB_STORE")
      .default(DEFAULT_STORE),
  );

export const withLanguage = (command: Command): Command =>
  command.addOption(
    new Option("--lang <language>", "of the report and the answer: English or Chinese")
      .choices(languages)
      .default("en"),
  );

export const withDevice = (command: Command): Command =>
  command.addOption(
    new Option("--device <name>", "what to train on; the processor where it does not work (see: losslab doctor)")
      .choices(devices)
      .default("cpu"),
  );

export interface StudyFlags {
  device?: Device;
  set: string[];
  data?: string;
  allowCode?: boolean;
}

export const studyOptions = (flags: StudyFlags) => ({
  settings: flags.set,
  allowCode: flags.allowCode ?? false,
  ...(flags.data && { dataDir: flags.data }),
  ...(flags.device && { device: flags.device }),
});

/** A whole number of at least `least`, from the command line. */
export function atLeast(least: number, name: string): (value: string) => number {
  return (value) => {
    const n = Number(value);
    if (Number.isInteger(n) && n >= least) return n;
    throw new UserError(`must be a whole number >= ${least}, got "${value}"`, name);
  };
}

/** Any whole number, from the command line. */
export const wholeNumber = (name: string): ((value: string) => number) => atLeast(Number.MIN_SAFE_INTEGER, name);

/** Bytes, from the command line. */
export function size(name: string): (value: string) => number {
  return (value) => {
    const [, number, unit] = /^(\d+(?:\.\d+)?) ?([kMG]?)B?$/i.exec(value) ?? [];
    if (number === undefined) throw new UserError(`must be a size as 4GB or 500MB, got "${value}"`, name);
    return Number(number) * { "": 1, k: 1e3, m: 1e6, g: 1e9 }[unit.toLowerCase() as "" | "k" | "m" | "g"];
  };
}

export const positive = (name: string): ((value: string) => number) => atLeast(1, name);

/** One of some words, from the command line. */
export function oneOf<W extends string>(words: readonly W[], name: string): (value: string) => W {
  return (value) => {
    const word = words.find((w) => w === value);
    if (word) return word;
    const near = nearest(value, words);
    throw new UserError(`must be one of ${words.join(", ")}, got "${value}"`, name, near && `did you mean "${near}"?`);
  };
}

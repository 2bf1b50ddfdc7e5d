/** From a study's name or file to a plan with its data read: what `plan`, `run` and `runStudy` begin with. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Dataset } from "../data/dataset.ts";
import type { DownloadProgress } from "../data/locate.ts";
import type { Device, DeviceChoice } from "../run/devices.ts";
import { checkStudy, located, overridden, pathText, readYaml, type SaidStudy } from "../study/parse.ts";
import { type DataFacts, type Plan, type PlannedCohort, plan } from "../study/plan.ts";
import type { DataSpec } from "../study/spec.ts";
import { errorsOf, UserError, UserErrors } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import { inPackage } from "../util/package.ts";
import { ParameterError } from "../zoo/problems.ts";
import { loader, settingFromHere } from "./datasets.ts";
import { chooseDevice } from "./device.ts";
import { lossSettingFromHere, ownLosses } from "./own-losses.ts";
import { factsOf, type PreparedData, preparer } from "./prepare.ts";

/** The studies that come with losslab, by name. */
export const presetFolder = (): string => fileURLToPath(inPackage("studies/", import.meta.url));

/** Names of the files of YAML in a folder. */
export const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((f) => f.endsWith(".yaml"))
    .map((f) => f.slice(0, -".yaml".length))
    .sort();

export const presets = (): string[] => namesIn(presetFolder());

export interface StudyOptions {
  /** `path=value` settings over the study's fields. */
  settings?: readonly string[];
  /** Folder of real data; by default LOSSLAB_DATA. */
  dataDir?: string;
  /** Whether the study may name code. */
  allowCode?: boolean;
  /** What to train on; where it does not work, the processor serves. */
  device?: Device;
  onDownload?: (progress: DownloadProgress) => void;
  memoryBudgetBytes?: number;
}

export interface ReadyStudy {
  plan: Plan;
  device: DeviceChoice;
  /** Bytes of the images as the data sets have them, whatever part of them is used. */
  readBytes: number;
  /** The text of the study's file, if it has one and nothing of it was overridden. */
  source: string | null;
  /** Names of the classes, where all data of the study share them. */
  classNames: readonly string[] | undefined;
  modules: string[];
  prepared: (spec: PlannedCohort["data"], seed: number) => PreparedData;
}

/** Stands for a study that is read from standard input. */
const STDIN = "-";

/** Finds a study: a file, `-` for standard input, or the name of one that comes with losslab. */
export function studyFile(nameOrFile: string): string {
  if (nameOrFile === STDIN) return STDIN;
  if (statSync(nameOrFile, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError("is a folder, expected a study file", nameOrFile);
  if (existsSync(nameOrFile)) return nameOrFile;
  const preset = join(presetFolder(), `${nameOrFile}.yaml`);
  if (/^[\w-]+$/.test(nameOrFile) && existsSync(preset)) return preset;
  const isName = /^[\w-]+$/.test(nameOrFile);
  throw new UserError(
    isName
      ? `there is no study "${nameOrFile}", neither as a file nor among the presets`
      : `there is no file ${nameOrFile}`,
    undefined,
    isName ? suggest(nameOrFile, presets()) : "`losslab init` writes a study file to begin with",
  );
}

async function said(file: string, allowCode: boolean): Promise<SaidStudy & { source: string | null }> {
  if (!/\.(m?js|m?ts)$/.test(file)) {
    const source = readFileSync(file === STDIN ? process.stdin.fd : file, "utf8");
    return { ...readYaml(source, file === STDIN ? "study.yaml" : file), source };
  }
  if (!allowCode)
    throw new UserError("a study in JavaScript is code", file, "run it with --allow-code if you trust it");
  const module = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
  return { said: module.default, where: (p) => `${file}  ${pathText(p.path)}`, source: null };
}

/** Reads a study's file and all that it needs. */
export async function readyStudy(nameOrFile: string, options: StudyOptions = {}): Promise<ReadyStudy> {
  const file = studyFile(nameOrFile);
  const read = await said(file, options.allowCode ?? false);
  return ready(read, file, options, read.source);
}

/** The same for a study given as an object. */
export const readyObject = (study: object, options: StudyOptions = {}): Promise<ReadyStudy> =>
  ready({ said: study, where: (p) => pathText(p.path) }, "study.yaml", { allowCode: true, ...options }, null);

/** A study that reads well may still name members that do not fit its data. */
function planOf(read: SaidStudy, make: () => Plan): Plan {
  try {
    return make();
  } catch (error) {
    throw error instanceof ParameterError ? located(error.problems, read) : error;
  }
}

/** Paths of own data count from the study's file; a preset has none of its own, only such as were typed here. */
const dataFolder = (file: string): string => (resolve(file).startsWith(resolve(presetFolder())) ? "." : dirname(file));

/** Says of mistakes in the study that only the data show where they stand in it. */
function below<T>(read: SaidStudy, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserErrors(
      errorsOf(error).map(({ message, where, hint }) => {
        const path = ["data", ...(where?.split(".") ?? [])];
        return new UserError(message, read.where({ path, message }), hint);
      }),
    );
  }
}

async function ready(read: SaidStudy, file: string, options: StudyOptions, source: string | null): Promise<ReadyStudy> {
  const settings = (options.settings ?? []).map(settingFromHere).map(lossSettingFromHere);
  const set = overridden(read, settings);
  const own = await ownLosses(set.said, file, options.allowCode ?? false);
  const whole = { ...set, said: own.said };
  const study = checkStudy(whole, [], own.zoo);
  const loaded = new Map<DataSpec, Dataset>();
  const facts = new Map<DataSpec, DataFacts>();
  const load = loader(dataFolder(file), options);
  const problems = new Map<string, UserError>();
  for (const spec of study.data) {
    try {
      const dataset = await load(spec);
      loaded.set(spec, dataset);
      facts.set(
        spec,
        below(whole, () => factsOf(dataset, spec, study.seeds[0])),
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const e of errorsOf(error)) problems.set(`${e.where} ${e.message}`, e); // of data that several share: once
    }
  }
  if (problems.size > 0) throw new UserErrors([...problems.values()]);
  const { memoryBudgetBytes, device: asked = "cpu" } = options;
  const device = await chooseDevice(asked);
  const limits = { device: device.used, ...(memoryBudgetBytes && { memoryBudgetBytes }) };
  const planned = planOf(whole, () => plan(study, (spec) => facts.get(spec)!, own.zoo, limits, own.code));
  const datasets = new Set(loaded.values());
  const readBytes = [...datasets].reduce(
    (sum, { train, test }) => sum + train.images.byteLength + test.images.byteLength,
    0,
  );
  return {
    plan: planned,
    device,
    readBytes,
    source: options.settings?.length ? null : source,
    classNames: datasets.size === 1 ? [...datasets][0].classes : undefined,
    modules: own.modules,
    prepared: preparer((spec) => loaded.get(spec)!),
  };
}

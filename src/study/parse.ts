/** Study files: YAML to a checked study, with the line and the path of everything that is wrong. */
import { type Document, isMap, isScalar, LineCounter, type Node } from "yaml";
import { UserError, UserErrors } from "../util/errors.ts";
import type { Zoo } from "../zoo/index.ts";
import type { Problem } from "../zoo/problems.ts";
import { type ExpandedStudy, expand } from "./expand.ts";
import { joinCalls } from "./flow-calls.ts";
import { plainData, yamlDocument } from "./plain-data.ts";

/** `loss[2].focal.gamma` */
export const pathText = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, step) => text + (typeof step === "number" ? `[${step}]` : text ? `.${step}` : step), "");

/** Reads `a.b[2].c` into steps. */
function pathSteps(text: string, setting: string): (string | number)[] {
  const steps = text.match(/[^.[\]]+|\[\d+\]/g);
  if (!steps || pathText(steps.map((s) => (s.startsWith("[") ? Number(s.slice(1, -1)) : s))) !== text) {
    throw new UserError(
      `cannot read the path "${text}"`,
      `--set ${setting}`,
      "for example data.validation=0 or loss[0].focal.gamma=2",
    );
  }
  return steps.map((s) => (s.startsWith("[") ? Number(s.slice(1, -1)) : s));
}

/** A copy of the study with `path=value` put into it; the value is read as YAML. */
export function withSetting(said: Record<string, unknown>, setting: string): Record<string, unknown> {
  const at = setting.indexOf("=");
  if (at < 1) throw new UserError("expected path=value", `--set ${setting}`, "for example --set data.validation=0");
  const steps = pathSteps(setting.slice(0, at), setting);
  if (steps.some((s) => s === "__proto__" || s === "constructor" || s === "prototype")) {
    throw new UserError(`"${setting.slice(0, at)}" is no path of a study`, `--set ${setting}`);
  }
  let value: unknown;
  try {
    const document = yamlDocument(setting.slice(at + 1));
    if (document.errors.length > 0) throw document.errors[0];
    joinCalls(document);
    value = plainData(document);
  } catch (error) {
    throw new UserError(
      error instanceof UserError ? `the value ${error.message}` : "the value is no YAML",
      `--set ${setting}`,
    );
  }
  const copy = structuredClone(said);
  let target: Record<string | number, unknown> = copy;
  steps.slice(0, -1).forEach((step, i) => {
    refuseNoPlace(target, step, setting);
    const next = target[step];
    if (next === undefined || next === null) target[step] = typeof steps[i + 1] === "number" ? [] : {};
    // A name alone becomes a name with parameters: --set loss.focal.gamma=1 on `loss: focal`.
    else if (typeof next === "string" && next === steps[i + 1]) target[step] = { [next]: {} };
    else if (typeof next === "string" && step === "data") target[step] = { set: next };
    else if (typeof next !== "object") {
      throw new UserError(
        `${pathText(steps.slice(0, i + 1))} is ${JSON.stringify(next)}, which has no "${steps[i + 1]}"`,
        `--set ${setting}`,
      );
    }
    target = target[step] as Record<string | number, unknown>;
  });
  refuseNoPlace(target, steps.at(-1)!, setting);
  target[steps.at(-1)!] = value;
  return copy;
}

/** A list has places from 0 to its end, behind which one more may be put; a name is none of them. */
function refuseNoPlace(target: unknown, step: string | number, setting: string): void {
  if (Array.isArray(target) ? typeof step === "number" && step <= target.length : typeof step === "string") return;
  throw new UserError(
    Array.isArray(target)
      ? `the list has the places [0] to [${target.length}], and none called ${typeof step === "number" ? `[${step}]` : `"${step}"`}`
      : `there is no list that [${step}] could be a place of`,
    `--set ${setting}`,
  );
}

/** Where a problem stands in the file, as far down its path as the file goes. */
function offsetOf(document: Document, { path, atName }: Problem): number {
  let node: Node | null = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) continue; // not said: a parameter that is missing, or that a bare value stands for
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
      if (node && !isMap(node) && step === path.at(-1) && !atName) offset = node.range?.[0] ?? offset;
    } else {
      const next: unknown = node && "items" in node ? (node as { items: unknown[] }).items[Number(step)] : undefined;
      if (!next) continue;
      node = next as Node;
      offset = node.range?.[0] ?? offset;
    } // a parameter's name that a bare value stands for is no step down
  }
  // A bare value that stands for the parameter at the path's end.
  if (isScalar(node) && !atName) offset = (node as Node).range?.[0] ?? offset;
  return offset;
}

/** A study as it was said, and how to name the place of a problem in it. */
export interface SaidStudy {
  said: unknown;
  where: (problem: Problem) => string;
  /** Problems in the order in which a reader of the study meets them. */
  offset?: (problem: Problem) => number;
}

/** Of a text that is no YAML all places are wrong. */
const MOST_ERRORS = 20;

/** Reads the text of a study file. */
export function readYaml(text: string, file: string): SaidStudy {
  const lines = new LineCounter();
  const within = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof UserError) throw new UserError(`the study ${error.message}`, file);
      throw error;
    }
  };
  const document = within(() => yamlDocument(text, { lineCounter: lines, uniqueKeys: true }));
  if (document.errors.length > 0) {
    throw new UserErrors(
      document.errors.slice(0, MOST_ERRORS).map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return new UserError(`is no valid YAML: ${error.message.split("\n")[0]}`, `${file}:${line}:${col}`);
      }),
    );
  }
  joinCalls(document);
  return {
    said: within(() => plainData(document)),
    where(problem) {
      const { line, col } = lines.linePos(offsetOf(document, problem));
      return `${file}:${line}:${col}  ${pathText(problem.path)}`;
    },
    offset: (problem) => offsetOf(document, problem),
  };
}

/** The problems, each with its place, in the order in which a reader of the study meets them. */
export function located(problems: readonly Problem[], { where, offset = () => 0 }: SaidStudy): UserErrors {
  const inOrder = [...problems]
    .map((p) => ({ p, at: offset(p) }))
    .sort((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ p }) => p);
  return new UserErrors(inOrder.map((p) => new UserError(p.message, where(p), p.hint)));
}

/** The study with settings put into it. What is wrong with what a setting says stands in that setting. */
export function overridden(read: SaidStudy, settings: readonly string[]): SaidStudy {
  if (settings.length === 0) return read;
  const said = read.said !== null && typeof read.said === "object" ? (read.said as Record<string, unknown>) : {};
  const settingOf = ({ path }: Problem): string | undefined =>
    settings.findLast((setting) => {
      const steps = pathSteps(setting.slice(0, setting.indexOf("=")), setting);
      return steps.every((step, i) => step === path[i]);
    });
  return {
    said: settings.reduce(withSetting, said),
    where(problem) {
      const setting = settingOf(problem);
      return setting === undefined ? read.where(problem) : `--set ${setting}  ${pathText(problem.path)}`;
    },
    offset: (problem) => (settingOf(problem) === undefined ? (read.offset?.(problem) ?? 0) : Number.POSITIVE_INFINITY),
  };
}

/** A checked study, or an error that names everything that is wrong with it. */
export function checkStudy(read: SaidStudy, settings: readonly string[], zoo: Zoo): ExpandedStudy {
  const whole = overridden(read, settings);
  const { study, problems } = expand(whole.said, zoo);
  if (study) return study;
  throw located(problems, whole);
}

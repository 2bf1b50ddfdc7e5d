/** A user's own losses: modules named by path in a study, run only with --allow-code. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../util/errors.ts";
import { type Zoo, zoo } from "../zoo/index.ts";
import type { Loss } from "../zoo/losses/loss.ts";
import { readSetting } from "./setting.ts";

const isModule = (name: string): boolean => /\.(m?js|m?ts)$/.test(name);
const looksLikePath = (name: string): boolean => /[\\/]/.test(name) || isModule(name);

async function load(file: string): Promise<Loss> {
  let module: { default?: Loss };
  try {
    module = (await import(pathToFileURL(file).href)) as { default?: Loss };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "ENOENT") throw new UserError("there is no such file", file);
    if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
      throw new UserError(
        "this Node.js cannot read TypeScript",
        file,
        "compile it to .mjs, or use Node.js 22.18 or newer",
      );
    }
    throw error;
  }
  const made = module.default;
  if (typeof made?.perExample !== "function" || typeof made.name !== "string") {
    throw new UserError("has no loss as its default export", file, "export default defineLoss({ name, perExample })");
  }
  if (Object.hasOwn(zoo.losses, made.name))
    throw new UserError(`calls its loss "${made.name}", a name that is taken`, file);
  return made;
}

/** The zoo with the losses of the given modules. */
export async function zooWith(modules: readonly string[]): Promise<Zoo> {
  if (modules.length === 0) return zoo;
  const own = await Promise.all(modules.map(load));
  return { ...zoo, losses: { ...zoo.losses, ...Object.fromEntries(own.map((l) => [l.name, l])) } };
}

/** Modules among what a setting says of losses, by absolute paths: they count from where it was typed, not from the study's file. */
export function lossSettingFromHere(setting: string): string {
  const read = readSetting(setting, /loss(?:[.[][^=]*)?/);
  if (!read) return setting;
  const { place, said } = read;
  const from = (text: string): string => (isModule(text) ? resolve(text) : text);
  const absolute = (inner: unknown): unknown => {
    if (typeof inner === "string") return from(inner);
    if (Array.isArray(inner)) return inner.map(absolute);
    if (inner === null || typeof inner !== "object") return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, v]) => [from(key), absolute(v)]));
  };
  const told = absolute(said);
  return JSON.stringify(told) === JSON.stringify(said) ? setting : `${place}=${JSON.stringify(told)}`;
}

export interface OwnLosses {
  /** The study with the losses' names in place of their paths. */
  said: unknown;
  modules: string[];
  zoo: Zoo;
  /** SHA-256 of each module by its loss's name: part of the trials' identity. */
  code: Record<string, string>;
}

/**
 * Finds the paths among a study's losses and loads them.
 * @param from the study's file, from which paths count
 * @throws UserError when there are some and code is not allowed
 */
export async function ownLosses(said: unknown, from: string, allowCode: boolean): Promise<OwnLosses> {
  const modules: string[] = [];
  const code: Record<string, string> = {};
  const field = (said as { loss?: unknown } | null)?.loss;
  const rename = async (path: string): Promise<string> => {
    const file = resolve(dirname(from), path);
    if (!allowCode) {
      throw new UserError(`the loss "${path}" is code`, from, "run it with --allow-code if you trust it");
    }
    const made = await load(file);
    if (!modules.includes(file)) modules.push(file);
    code[made.name] = createHash("sha256")
      .update(await readFile(file))
      .digest("hex")
      .slice(0, 16);
    return made.name;
  };
  // Among parameters only a module's ending tells a path: a formula has slashes too.
  const replace = async (value: unknown, isPath = isModule): Promise<unknown> => {
    if (typeof value === "string") return isPath(value) ? rename(value) : value;
    if (Array.isArray(value)) return Promise.all(value.map((v) => replace(v, isPath)));
    if (value && typeof value === "object") {
      const entries = await Promise.all(
        Object.entries(value).map(async ([k, v]) => [isPath(k) ? await rename(k) : k, await replace(v)] as const),
      );
      return Object.fromEntries(entries);
    }
    return value;
  };
  const loss = field === undefined ? undefined : await replace(field, looksLikePath);
  return {
    said: field === undefined ? said : { ...(said as object), loss },
    modules,
    zoo: await zooWith(modules),
    code,
  };
}

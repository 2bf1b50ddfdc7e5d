/** Losses named on the command line, in the words of study files. */
import { parse } from "yaml";
import { expandLosses } from "../study/expand.ts";
import { located, pathText, withSetting } from "../study/parse.ts";
import { UserError } from "../util/errors.ts";
import type { Chosen } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import type { Loss } from "../zoo/losses/loss.ts";
import { ownLosses } from "./own-losses.ts";

/** `ce`, `focal=2`, `focal.gamma=[0.5, 2]` or the YAML of a study file: `{ focal: { gamma: 2 } }`. */
function read(word: string): unknown {
  if (/^[\w.[\]-]+=/.test(word)) return withSetting({}, word);
  try {
    return parse(word);
  } catch {
    throw new UserError(`cannot read "${word}"`, undefined, "for example ce, focal=2 or '{ focal: { gamma: 2 } }'");
  }
}

/**
 * The losses that are meant, all parameters explicit, and the zoo that knows them.
 * @param classes that the losses are to be evaluated on
 * @throws UserError with all that is wrong
 */
export async function chosenLosses(
  words: readonly string[],
  classes: number,
  allowCode: boolean,
): Promise<{ chosen: Chosen<Loss>[]; zoo: Zoo }> {
  const { said, zoo } = await ownLosses({ name: "losses", loss: words.map(read) }, "losslab", allowCode);
  const { losses, problems } = expandLosses((said as { loss: unknown }).loss, zoo, classes);
  if (problems.length > 0) throw located(problems, { said, where: ({ path }) => pathText(path) });
  return { chosen: losses, zoo };
}

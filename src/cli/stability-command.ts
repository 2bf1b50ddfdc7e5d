import { chosenLosses } from "../lab/losses.ts";
import { plainLosses, type ValueAndGradient } from "../library/stability.ts";
import {
  lossStabilities,
  stabilityAnswer,
  stabilityDocument,
  stabilityPicture,
  stabilityTable,
} from "../report/stability.ts";
import { plainText } from "../report/text.ts";
import { nodeBackend } from "../run/node-backend.ts";
import { jsonNumber } from "../util/format.ts";
import type { CurveFlags } from "./curve-command.ts";
import { paint } from "./paint.ts";
import { documentTable } from "./table.ts";
import { drawingFile, writeDrawing } from "./write-drawing.ts";

export async function stabilityCommand(words: readonly string[], flags: CurveFlags): Promise<void> {
  const { classes, json = false } = flags;
  const named = words.length > 0 ? words : plainLosses();
  const { chosen, zoo } = await chosenLosses(named, classes, flags.allowCode ?? false);
  const specs = chosen.map(({ spec }) => spec);
  const losses = await lossStabilities(specs, nodeBackend(), { classes, losses: zoo.losses });
  if (json) {
    const numbers = ({ value, gradient }: ValueAndGradient) => ({
      value: jsonNumber(value),
      gradient: gradient.map(jsonNumber),
    });
    const all = losses.map(({ label, points }, i) => ({
      label,
      loss: specs[i],
      points: points.map(({ logit, exact, careful, naive }) => ({
        logit,
        exact: numbers(exact),
        careful: numbers(careful),
        naive: numbers(naive),
      })),
    }));
    console.log(JSON.stringify({ classes, losses: all }));
  } else {
    for (const quantity of ["value", "gradient"] as const) {
      const { caption, ...table } = stabilityTable(losses, quantity);
      console.log(`${paint.bold(plainText(caption))}\n${documentTable(table)}\n`);
    }
    console.log(paint.bold(`${stabilityAnswer(losses)}.`));
  }
  const out = drawingFile("stability", flags);
  if (!out) return;
  await writeDrawing(out, await stabilityPicture(losses, classes), (picture) => stabilityDocument(losses, picture));
  if (!json) console.log(`\npicture  ${paint.bold(out.file)}`);
}

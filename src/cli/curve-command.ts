import { chosenLosses } from "../lab/losses.ts";
import { type DrawnLoss, drawnLosses, lossCurveDocument, lossCurvePicture, lossTable } from "../report/loss-curves.ts";
import { plainText } from "../report/text.ts";
import { jsonNumber } from "../util/format.ts";
import { paint, width } from "./paint.ts";
import { documentTable } from "./table.ts";
import { type DrawingFlags, drawingFile, writeDrawing } from "./write-drawing.ts";

export interface CurveFlags extends DrawingFlags {
  classes: number;
  allowCode?: boolean;
}

export async function curveCommand(words: readonly string[], flags: CurveFlags): Promise<void> {
  const { classes, json = false } = flags;
  const { chosen, zoo } = await chosenLosses(words, classes, flags.allowCode ?? false);
  const losses = drawnLosses(
    chosen.map(({ spec }) => spec),
    classes,
    zoo.losses,
  );
  if (json) console.log(JSON.stringify({ classes, losses: losses.map(asJson) }));
  else for (const text of tables(losses)) console.log(`${text}\n`);

  const out = drawingFile("curve", flags);
  if (!out) return;
  await writeDrawing(out, await lossCurvePicture(losses, classes), (picture) => lossCurveDocument(losses, picture));
  if (!json) console.log(`picture  ${paint.bold(out.file)}`);
}

const asJson = ({ label, spec, points }: DrawnLoss): object => ({
  label,
  loss: spec,
  points: points.map(({ p, margin, value, gradient }) => ({
    p,
    margin,
    value: jsonNumber(value),
    gradient: jsonNumber(gradient),
  })),
});

/** The loss and its gradient, in as many tables as the terminal's width asks for. */
function* tables(losses: readonly DrawnLoss[]): Generator<string> {
  for (const read of ["value", "gradient"] as const) {
    for (let from = 0; from < losses.length; ) {
      let to = from + 1;
      let room = width() - 16 - columnWidth(losses[from]);
      while (to < losses.length && room >= columnWidth(losses[to])) room -= columnWidth(losses[to++]);
      const { caption, ...table } = lossTable(losses.slice(from, to), read);
      yield `${paint.bold(plainText(caption))}\n${documentTable(table)}`;
      from = to;
    }
  }
}

const columnWidth = ({ label }: DrawnLoss): number => Math.max(9, label.length) + 2;

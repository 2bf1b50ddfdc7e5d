import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { chosenLosses } from "../lab/losses.ts";
import { jsonNumber } from "../report/json.ts";
import { type DrawnLoss, drawnLosses, lossCurveDocument, lossCurvePicture, lossTable } from "../report/loss-curves.ts";
import { paint, width } from "./paint.ts";
import { documentTable } from "./table.ts";

export interface CurveFlags {
  classes: number;
  json?: boolean;
  format: "svg" | "html";
  /** Without it, `curve.svg` or `curve.html`; with --json nothing is drawn unless it is given. */
  out?: string;
  allowCode?: boolean;
}

export async function curveCommand(words: readonly string[], flags: CurveFlags): Promise<void> {
  const { classes, json = false, format } = flags;
  const { chosen, zoo } = await chosenLosses(words, flags.allowCode ?? false);
  const losses = drawnLosses(
    chosen.map(({ spec }) => spec),
    classes,
    zoo.losses,
  );
  if (json) console.log(JSON.stringify({ classes, losses: losses.map(asJson) }));
  else for (const text of tables(losses)) console.log(`${text}\n`);

  const out = flags.out ?? (json ? undefined : `curve.${format}`);
  if (!out) return;
  const picture = await lossCurvePicture(losses, classes);
  const text = format === "html" ? await page(losses, picture) : await file(picture);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, text);
  if (!json) console.log(`picture  ${paint.bold(out)}`);
}

type Drawing = Awaited<ReturnType<typeof lossCurvePicture>>;

async function page(losses: readonly DrawnLoss[], picture: Drawing): Promise<string> {
  const { html } = await import("../report/html.ts");
  return html(lossCurveDocument(losses, picture));
}

async function file(picture: Drawing): Promise<string> {
  const { pictureFile } = await import("../report/svg.ts");
  return pictureFile(picture);
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
      yield `${paint.bold(caption)}\n${documentTable(table)}`;
      from = to;
    }
  }
}

const columnWidth = ({ label }: DrawnLoss): number => Math.max(9, label.length) + 2;

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import type { Command } from "commander";
import { Option } from "commander";
import type { Picture, ReportDocument } from "../report/document.ts";
import { UserError } from "../util/errors.ts";

const FORMATS = ["svg", "png", "html", "csv"] as const;
type DrawingFormat = (typeof FORMATS)[number];

export interface DrawingFlags {
  format?: DrawingFormat;
  out?: string;
  json?: boolean;
}

/** How commands that draw are told what to write. */
export const withDrawing = (command: Command, name: string): Command =>
  command
    .option("--json", "print one JSON object instead of tables; draws only with --out")
    .addOption(
      new Option(
        "--format <format>",
        "svg, png, html, or csv for the numbers (default: by the ending of --out, else svg)",
      ).choices(FORMATS),
    )
    .option("--out <file>", `the file (default: ${name}.svg, ${name}.png, …)`);

/** The file to write and its format, or null where nothing is to be written. */
export function drawingFile(
  name: string,
  { format, out, json }: DrawingFlags,
): { file: string; format: DrawingFormat } | null {
  if (!out) return json ? null : { file: `${name}.${format ?? "svg"}`, format: format ?? "svg" };
  if (format) return { file: out, format };
  const ending = extname(out).slice(1).toLowerCase();
  const known = FORMATS.find((f) => f === ending);
  if (!known)
    throw new UserError(
      `cannot tell a format by the ending of ${out}`,
      "--out",
      ".svg, .png, .html or .csv; or say --format svg",
    );
  return { file: out, format: known };
}

/** Writes a picture as a file of its own, a page with it, or its numbers. */
export async function writeDrawing(
  { file, format }: { file: string; format: DrawingFormat },
  picture: Picture,
  document: (picture: Picture) => ReportDocument,
): Promise<void> {
  const contents = {
    csv: () => picture.csv,
    html: async () => (await import("../report/html.ts")).html(document(picture)),
    svg: async () => (await import("../report/svg.ts")).pictureFile(picture),
    png: async () => (await import("../report/png.ts")).png(await contents.svg()),
  };
  const content = await contents[format]();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

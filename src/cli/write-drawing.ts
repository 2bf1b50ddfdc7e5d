import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Picture, ReportDocument } from "../report/document.ts";

/** Writes a picture as a file of its own, or a page with it. */
export async function writeDrawing(
  file: string,
  format: "svg" | "html",
  picture: Picture,
  document: (picture: Picture) => ReportDocument,
): Promise<void> {
  const text =
    format === "html"
      ? (await import("../report/html.ts")).html(document(picture))
      : (await import("../report/svg.ts")).pictureFile(picture);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

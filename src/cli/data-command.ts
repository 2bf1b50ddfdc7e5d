import { datasetSource, datasets, fetchDataset, locateDataset, verifyDataset } from "../data/index.ts";
import { downloadProgress } from "./download-progress.ts";
import { table } from "./table.ts";

export async function dataCommand(
  action: "info" | "fetch" | "verify",
  names: string[],
  dataDir?: string,
): Promise<void> {
  const wanted = (names.length > 0 ? names : Object.keys(datasets)).map((name) => datasetSource(name).name);
  const options = { ...(dataDir && { dataDir }), onProgress: downloadProgress };
  if (action === "fetch") for (const name of wanted) await fetchDataset(name, options);
  if (action !== "verify") {
    const rows = wanted.map((name) => {
      const { source, files, missing } = locateDataset(name, options);
      if (source.files.length === 0) return [name, "embedded", "generated, no files"];
      if (missing.length === 0) return [name, "found", files.flatMap((f) => f.paths)[0]];
      return [name, "missing", missing.map((f) => f.name).join(", ")];
    });
    console.log(table(["data set", "state", "where"], rows, "lll"));
    return;
  }
  let bad = false;
  const rows: string[][] = [];
  for (const name of wanted) {
    for (const { file, state, contents, note } of await verifyDataset(name, options)) {
      rows.push([name, file.name, state, contents, note ?? ""]);
      if (contents === "differs" || (state === "differs" && contents !== "ok")) bad = true;
    }
  }
  console.log(table(["data set", "file", "archive", "contents", ""], rows, "lllll"));
  if (bad) process.exitCode = 1;
}

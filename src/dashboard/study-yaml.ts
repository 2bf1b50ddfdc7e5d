/** A stored study as a file that says the same, written as people do: what fits into a line stands in one. */
import { Document, type Node } from "yaml";
import { isRecord } from "../util/record.ts";

const LINE = 90;

export function studyYaml(spec: Readonly<Record<string, unknown>>): string {
  const document = new Document({});
  const nodeOf = (value: unknown): Node => {
    if (JSON.stringify(value).length <= LINE) return document.createNode(value, { flow: true });
    if (Array.isArray(value)) return document.createNode(value.map(nodeOf));
    if (!isRecord(value)) return document.createNode(value);
    return document.createNode(Object.fromEntries(Object.entries(value).map(([key, v]) => [key, nodeOf(v)])));
  };
  for (const [key, value] of Object.entries(spec)) document.set(key, nodeOf(value));
  return document.toString({ flowCollectionPadding: true, lineWidth: 0 });
}

/** Values of a study file as a form shows them: YAML in one line; several, which are compared, parted by commas. */
import { parseDocument, stringify } from "yaml";

/** `0.1`, `0.1, 0.01`, `[16, 16], [32]`, `{ ce: { smoothing: 0.1 } }` */
export function textOf(value: unknown): string {
  const several = Array.isArray(value) && value.length > 1 ? value : [value];
  const list = stringify(several, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 });
  return list.trim().slice(1, -1);
}

/** What such a text says, or why it says nothing. An empty one says that nothing is said: undefined. */
export function readValue(text: string): { value: unknown } | { problem: string } {
  if (text.trim() === "") return { value: undefined };
  const list = parseDocument(`[${text}]`);
  if (list.errors.length > 0) return { problem: list.errors[0].message.split("\n")[0] };
  const values = list.toJS() as unknown;
  // What closes the list and goes on is no value: "1] 2".
  if (!Array.isArray(values)) return { problem: "is no value" };
  return { value: values.length === 1 ? values[0] : values };
}

/** YAML ends a plain text at a comma within braces: `{ learningRate: logUniform(1e-4, 1) }` reads as two entries. They are one. */
import { type Document, isScalar, type Pair, Scalar, visit } from "yaml";

const plainText = (node: unknown): string | undefined =>
  isScalar(node) && node.type === "PLAIN" ? (node.source ?? String(node.value)) : undefined;

const isOpen = (text: string): boolean => text.split("(").length > text.split(")").length;

/** Puts calls together that commas tore apart, in the document itself. */
export function joinCalls(document: Document): void {
  visit(document, {
    Map(_, map) {
      if (!map.flow) return;
      const items: Pair[] = [];
      for (const item of map.items) {
        const before = items.at(-1);
        const text = plainText(before?.value);
        const more = plainText(item.key);
        // What follows within the parentheses has become a key without a value.
        const empty = item.value === null || (isScalar(item.value) && item.value.value === null);
        if (before && text !== undefined && isOpen(text) && more !== undefined && empty) {
          const joined = new Scalar(`${text}, ${more}`);
          const start = (before.value as Scalar).range;
          joined.type = Scalar.PLAIN;
          joined.source = joined.value as string;
          if (start) joined.range = start;
          before.value = joined;
        } else items.push(item);
      }
      map.items = items;
    },
  });
}

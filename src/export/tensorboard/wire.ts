/** The wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding/), as far as event files need it. */

/** A field's bytes, its tag with it. */
type Field = Uint8Array;

const KINDS = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A whole number from 0 to 2^53 in groups of seven bits, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

const tagged = (field: number, kind: keyof typeof KINDS, bytes: ArrayLike<number>): Field =>
  Uint8Array.from([...varint(field * 8 + KINDS[kind]), ...Array.from(bytes)]);

const fixed = (size: 4 | 8, write: (view: DataView) => void): Uint8Array => {
  const view = new DataView(new ArrayBuffer(size));
  write(view);
  return new Uint8Array(view.buffer);
};

export const int = (field: number, value: number): Field => tagged(field, "varint", varint(value));
export const double = (field: number, value: number): Field =>
  tagged(
    field,
    "fixed64",
    fixed(8, (view) => view.setFloat64(0, value, true)),
  );
export const float = (field: number, value: number): Field =>
  tagged(
    field,
    "fixed32",
    fixed(4, (view) => view.setFloat32(0, value, true)),
  );
export const text = (field: number, value: string): Field => bytes(field, new TextEncoder().encode(value));
/** A message within a message. */
export const message = (field: number, fields: readonly Field[]): Field => bytes(field, joined(fields));

const bytes = (field: number, value: Uint8Array): Field => tagged(field, "bytes", [...varint(value.length), ...value]);

/** A message's bytes. */
export const joined = (fields: readonly Field[]): Uint8Array => Uint8Array.from(fields.flatMap((f) => Array.from(f)));

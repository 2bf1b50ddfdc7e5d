import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { kinds } from "./kinds/index.ts";

/** A seed of its own for each kind, the same each time: `npm run test:fuzz` takes others. */
test.each(kinds.map((kind, i) => [kind.name, kind, i] as const))(
  "of %s, whatever it holds, is read or clearly refused",
  async (_, kind, seed) => {
    const { inputs, failure } = await fuzz(kind, kind.few, seed);
    expect(failure).toBeNull();
    expect(inputs).toBe(kind.few);
  },
);

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { campaign } from "./campaign.ts";

/** Three kills; `npm run test:crash` has a hundred. */
test("a study that is killed and resumed leaves what an uninterrupted one leaves, row for row, and no file more", async () => {
  const folder = mkdtempSync(join(tmpdir(), "losslab-crash-"));
  const moments = [0.9, 0.1, 0.5, 0.2, 0.3, 0.9, 0.6, 0.1];
  let next = 0;
  try {
    const { kills, studies, resumed, differences } = await campaign(
      folder,
      3,
      8,
      () => moments[next++ % moments.length],
    );
    expect(differences).toEqual([]);
    expect(kills).toBe(3);
    expect(resumed).toBeGreaterThan(0);
    expect(studies).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);

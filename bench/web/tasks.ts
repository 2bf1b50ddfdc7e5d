/** How long the page's main thread is kept busy at once while the laboratory trains. */
import type { Browser } from "playwright-core";

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds by the clock, and of the processor. */
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

export interface Tasks {
  count: number;
  /** The longest ones: milliseconds by the clock, and what they had of the processor. */
  longest: { wallMs: number; processorMs: number }[];
}

/** Trains what an address of the laboratory says to its end. */
export async function mainThreadTasks(browser: Browser, url: string): Promise<Tasks> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(300_000);
  await page.goto(url);
  const status = page.getByRole("status");
  await status.filter({ hasText: "ready" }).waitFor();
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await page.getByRole("button", { name: "Train" }).click();
  await status.filter({ hasText: "finished" }).waitFor();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  await page.close();
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, pid, tid, dur }) => name.endsWith("RunTask") && dur !== undefined && main.has(`${pid} ${tid}`),
  );
  const longest = tasks
    .sort((a, b) => b.dur! - a.dur!)
    .slice(0, 5)
    .map(({ dur, tdur }) => ({ wallMs: dur! / 1000, processorMs: (tdur ?? 0) / 1000 }));
  return { count: tasks.length, longest };
}

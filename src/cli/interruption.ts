import { paint } from "./paint.ts";

/** Ctrl-C and its like stop at the next step, asked twice at once. `end` gives them back to the system. */
export function interruption(): { signal: AbortSignal; end: () => void } {
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(130); // asked twice: at once
    process.stderr.write(`\n${paint.yellow("stopping")} … finished epochs are kept (again to stop at once)\n`);
    abort.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: abort.signal,
    end() {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}

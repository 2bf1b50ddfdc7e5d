/** What was measured, beside what is wanted. */
export interface Finding {
  what: string;
  found: string;
  wanted: string;
  /** Null where nothing was promised. */
  holds: boolean | null;
}

export const finding = (what: string, found: string, wanted: string, holds: boolean | null): Finding => ({
  what,
  found,
  wanted,
  holds,
});

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

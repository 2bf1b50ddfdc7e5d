/** Small multiples stand in rows of three, or of two where that leaves no gap. */
export const panelSize = (panels: number): { width: number; height: number } =>
  panels === 1 || panels === 2 || panels === 4 ? { width: 470, height: 240 } : { width: 310, height: 210 };

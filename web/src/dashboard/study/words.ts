/** `label smoothing` of `labelSmoothing`. */
export const inWords = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

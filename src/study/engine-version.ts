/** Changes whenever the same trial would get other numbers. Part of every trial's identity. */
export const ENGINE_VERSION = "2";

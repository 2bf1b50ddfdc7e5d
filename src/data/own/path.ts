/** A path, as opposed to the name of a data set: it has a separator, is `.` or `..`, or ends like a file that can be read. */
export const OWN_PATH = /[\\/]|^\.{1,2}$|\.(csv|tsv|npz|npy)$/;

/** Whether the name of a data set in a study is the path of data of one's own. */
export const isOwnPath = (set: string): boolean => OWN_PATH.test(set);

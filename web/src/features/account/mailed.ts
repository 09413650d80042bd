/** The token of a mailed link: what stands after #, which browsers send to no server. */
export const mailedToken = (hash: string): string => hash.replace(/^#/, '');

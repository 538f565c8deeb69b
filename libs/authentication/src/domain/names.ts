/** Whether a name has the form of an address, which in some pools means somebody of another name. */
export const looksLikeAddress = (name: string): boolean => name.includes('@') || /^\+\d+$/.test(name);

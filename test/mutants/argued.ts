/** A guard that no test can miss, and why: with or without it, nobody could tell the difference. */
export type Argued = { file: string; text: string; by: string; because: string }

export const argued: readonly Argued[] = []

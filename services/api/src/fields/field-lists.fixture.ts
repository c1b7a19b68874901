/**
 * Where each field of a kind stands, by its path: `[]` is each element of a list, `*` each value of a map, `{a,b}` either. A path
 * stands for all that is below it. Each leaf of the schema is in exactly one list.
 */
export type FieldLists = {
  /** What something is done by: the test that proves it, and the fields. The test has to name them. */
  actedOn: Readonly<Record<string, readonly string[]>>
  /** What is kept and shown for clients to read, as upstream keeps it; with the reason. */
  kept: Readonly<Record<string, string>>
  /** What is kept and not acted on: who writes it is warned. */
  warned: readonly string[]
  /** What is refused by name, or but for the values that are done anyway. */
  refused: readonly string[]
  /** What admission denies, by what it says. */
  denied?: Readonly<Record<string, string>>
}

/** Every path that a pattern with alternatives stands for. */
export function alternatives(pattern: string): readonly string[] {
  const [, before = '', choices = '', after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern) ?? []
  if (choices === '') return [pattern]
  return choices.split(',').flatMap((choice) => alternatives(before + choice + after))
}

/** Whether a leaf is what a path names, or below it. */
export const isAt = (leaf: string, path: string): boolean =>
  leaf === path || leaf.startsWith(`${path}.`) || leaf.startsWith(`${path}[]`)

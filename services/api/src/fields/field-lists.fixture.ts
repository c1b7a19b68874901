/**
 * Where each field of a kind stands, by its path: `[]` is each element of a list, `*` each value of a map, `{a,b}`
 * either. A path stands for all that is below it. Each leaf of the schema is in exactly one list.
 */
export type FieldLists = {
  /** What something is done by: the test that proves it, and the fields. The test has to name them. */
  actedOn: Readonly<Record<string, readonly string[]>>
  /** What is kept and shown for clients to read, as upstream keeps it; with the reason. */
  kept: Readonly<Record<string, string>>
  /** What is kept and not acted on: who writes it is warned. */
  warned: readonly string[]
  /** The same of what is warned of as a whole, by what is said. */
  warnedAs?: Readonly<Record<string, string>>
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

/** A part of a kind: its schema, its lists, and where an object with it is sent. */
export type Part = {
  name: string
  schema: string
  lists: FieldLists
  url: string
  /** Where the part stands in the object; empty where it is the object. */
  at: string
  /** An object that is taken, for a field to be added to. */
  base: object
  /** What is a part for itself. */
  except?: readonly string[]
}

/** What every object says of itself, and what is said of it: what a client sends as that is not taken. */
export const ownOfObject = {
  '{apiVersion,kind}': 'says what it is',
  metadata: 'as of every object',
}

/** A part that is all of an object, and one that is its spec. */
export const fullObject = (url: string, content: object = {}) => ({
  ...{ url, at: '', base: { metadata: { name: 'x' }, ...content } },
})
export const specOf = (url: string, spec: object = {}) => ({
  ...{ url, at: 'spec', base: { metadata: { name: 'x' }, spec } },
})

/** A guard that no test can miss, and why: with or without it, nobody could tell the difference. */
export type Argued = { file: string; text: string; by: string; because: string }

/** What the code before it makes sure of: it is checked for the types, and nothing that a test can do brings it about. */
const invariant = (
  file: string,
  conditions: readonly [text: string, by: string][],
  thrown: string,
) =>
  [...conditions, [`throw new Error(\`${thrown}\`)`, ';'] as const].map(
    ([text, by]): Argued => ({ file, text, by, because: 'the code before makes sure of it' }),
  )

export const argued: readonly Argued[] = [
  ...invariant(
    'packages/writing/src/create-object.ts',
    [
      ['!stored || !event', 'false'],
      ['!stored || !event', '!stored && !event'],
    ],
    `\${stream.name} is not there after its creation`,
  ),
  ...invariant(
    'packages/writing/src/record-change.ts',
    [
      ['!before || !event', 'false'],
      ['!before || !event', '!before && !event'],
    ],
    `\${stream.name} ended without an event`,
  ),
  ...invariant(
    'packages/writing/src/write-key.ts',
    [['!event', 'false']],
    `\${keyStream(uid)} was there before its object`,
  ),
  {
    file: 'packages/writing/src/known.ts',
    text: 'stored && holds(resource, stored)',
    by: 'true',
    because: 'what a view answers for a resource was of its kind when it was taken in',
  },
  {
    file: 'packages/writing/src/unseen.ts',
    text: 'kept.position > position',
    by: 'kept.position >= position',
    because: 'one position is one event, and tells of its stream the same each time',
  },
]

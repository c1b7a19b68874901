/** A guard that no test can miss, and the reason: with or without it, the behaviour is the same. */
export type Argued = { file: string; text: string; by: string; because: string }

/** Guards for the types only: the code before makes sure of them, and no test can violate them. */
const invariant = (
  file: string,
  conditions: readonly [text: string, by: string][],
  thrown: string,
) =>
  [...conditions, [`throw new Error(\`${thrown}\`)`, ';'] as const].map(
    ([text, by]): Argued => ({ file, text, by, because: 'the code before makes sure of it' }),
  )

const inState = (name: string) => `packages/scheduling/src/state/${name}.ts`
const inViews = (name: string) => `packages/domain/src/views/${name}.ts`

/** Guards that only save time or memory: the result is the same without them. */
const sparing = (file: string, ...left: readonly [text: string, by: string][]) =>
  left.map(([text, by]): Argued => ({ file, text, by, because: 'it only spares work or memory' }))

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
    file: 'packages/writing/src/writer-view.ts',
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
  ...sparing(
    inViews('collection'),
    ['count > 0', 'true'],
    ['count > 0', 'count >= 0'],
    ['fewest.count <= fewEnough', 'fewest.count < fewEnough'],
  ),
  ...sparing(
    inViews('computed-events'),
    ['siblings?.size === 0', 'false'],
    ['this.#ofObject.delete(uid)', ';'],
  ),
  ...sparing(inViews('indexed-objects'), ['known !== undefined', 'false']),
  ...sparing(
    inViews('objects'),
    ['entry !== undefined && !isSystemEvent(event)', 'false'],
    ['known !== undefined', 'false'],
  ),
  ...sparing(inViews('point-in-time'), ['this.#before.clear()', ';'], ['this.end()', ';']),
  ...sparing(
    inViews('quota-usages'),
    ['uses.length === 0', 'false'],
    ['this.#byNamespace.delete(namespace)', ';'],
    ['isDeepEqual(had, has)', 'false'],
  ),
  ...sparing(
    inViews('value-index'),
    ['entries?.size === 0', 'false'],
    ['this.#entries.delete(value)', ';'],
  ),
  ...sparing('packages/domain/src/quota/counted-by.ts', ['bounds.length === 0', 'false']),
  ...sparing(
    inState('cluster-state'),
    ['before === node', 'false'],
    ['capacity > this.podCounts.length', 'true'],
    ['capacity > this.podCounts.length', 'capacity >= this.podCounts.length'],
    ['this.#podsOn.delete(slot)', ';'],
  ),
  ...sparing(inState('disruption-budgets'), ['this.#budgets.size === 0', 'false']),
  ...sparing(inState('images'), ['a === b', 'false']),
  ...sparing(inState('label-columns'), ['before >= 0', 'true']),
  ...sparing(
    inState('nominations'),
    ['this.#all.size === 0', 'false'],
    ['priority !== this.#priority', 'true'],
    ['isCounted === (counted !== undefined)', 'false'],
  ),
  ...sparing(
    inState('pod-sorts'),
    ['known.seen === this.termCount', 'false'],
    ['at < bucket.length', 'at <= bucket.length'],
    ['label === undefined', 'true'],
    ['known !== undefined', 'false'],
    ['this.#ofPod.set(pod, equal)', ';'],
    ['this.#byLabel.clear()', ';'],
    ['this.#against.set(traits, begun)', ';'],
  ),
  ...sparing(
    inState('state-hash'),
    ['known !== undefined', 'false'],
    ['this.#names.set(name, hash)', ';'],
  ),
  ...sparing(inState('storage'), ['count > 0', 'true'], ['count > 0', 'count >= 0']),
  {
    file: inState('affinity-term'),
    text: "namespaceSelector !== 'Nothing'",
    by: 'true',
    because: 'nothing is matched by Nothing, whoever asks',
  },
]

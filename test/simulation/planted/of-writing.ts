import type { PlantedBug } from './planted-bug.ts'

/** Bugs in what is recorded, and for whom. */
export const bugsOfWriting: readonly PlantedBug[] = [
  {
    name: 'an address is given away without being reserved',
    file: 'packages/writing/src/reserve-drawn.ts',
    text: 'await reserve(ports, drawn.transition)',
    by: '',
  },
  {
    name: 'a status is written again though nothing has changed',
    file: 'packages/writing/src/change-draft.ts',
    text: 'if (patch.length === 0 && !isEnd && !isNews) return undefined',
    by: '',
  },
  {
    name: 'the replicator does not tell why it acts',
    file: 'services/replicator/src/writer.ts',
    text: `  verb,
  cause,`,
    by: '  verb,',
  },
  {
    name: 'the scheduler loses the correlation',
    file: 'services/scheduler/src/written-for.ts',
    text: 'cause: stored.intent,',
    by: 'cause: { ...stored.intent, correlationId: stored.intent.id },',
  },
  {
    name: 'a uid precondition is passed by another uid',
    seed: 2,
    file: 'packages/writing/src/preconditions.ts',
    text: 'wanted.uid !== undefined && wanted.uid !== uid',
    by: 'wanted.uid === null',
  },
  {
    name: 'a version precondition is passed by a newer version',
    seed: 2,
    file: 'packages/writing/src/preconditions.ts',
    text: 'wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion',
    by: 'wanted.resourceVersion === null',
  },
  {
    name: 'what other objects forbid is refused on the view alone',
    file: 'packages/writing/src/at-head.ts',
    text: 'if (error !== refused || !isRefusal(error)) throw error',
    by: 'throw error',
    isRare: true,
  },
  {
    name: 'an object is created in a namespace that is not there',
    file: 'packages/domain/src/admission/namespace-lifecycle.ts',
    text: 'if (!home) throw notFound(namespaces, namespace)',
    by: 'if (!home) return',
  },
  {
    name: 'what is read does not wait for what is recorded',
    file: 'services/api/src/verbs/resource-version.ts',
    text: "if (resourceVersion === '0') return",
    by: "if (resourceVersion === '0' || !resourceVersion) return",
    isRare: true,
  },
  {
    name: 'a later page is of another version than the first',
    file: 'services/api/src/verbs/list-page.ts',
    text: 'recent.asOf(query.resource, version, rangeOf(query))',
    by: 'recent.asOf(query.resource, ports.objects.position ?? version, rangeOf(query))',
    isRare: true,
  },
  {
    name: 'a bookmark comes before what it includes',
    file: 'services/api/src/watching/pump.ts',
    text: 'const resourceVersion = String(this.#context.ports.objects.position ?? 0n)',
    by: 'const resourceVersion = String(this.#context.ports.reader.head ?? 0n)',
    isRare: true,
  },
  {
    name: 'a watch begins where the view is, not where it was asked to',
    seed: 4,
    file: 'services/api/src/watching/watch.ts',
    text: 'const after = isInitial(query) ? position : startOf(query, position)',
    by: 'const after = position',
  },
  {
    name: 'a Secret stands in the log as it was sent',
    seed: 2,
    file: 'packages/writing/src/create-object.ts',
    text: 'const data = isSealed',
    by: "const data = uid === ''",
  },
]

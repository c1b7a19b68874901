import type { StoredObject } from '@reckon/domain'
import { isDeepEqual, type Namespace, resourceOf, secondsOf } from '@reckon/kubernetes'

type Condition = NonNullable<NonNullable<Namespace['status']>['conditions']>[number]
type Statement = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

/** Conditions that are always fine here, but are reported as upstream does. */
const settled: readonly Statement[] = [
  {
    ...{ type: 'NamespaceDeletionDiscoveryFailure', status: 'False' },
    ...{ reason: 'ResourcesDiscovered', message: 'All resources successfully discovered' },
  },
  {
    ...{ type: 'NamespaceDeletionGroupVersionParsingFailure', status: 'False' },
    ...{ reason: 'ParsedGroupVersions', message: 'All legacy kube types successfully parsed' },
  },
  {
    ...{ type: 'NamespaceDeletionContentFailure', status: 'False', reason: 'ContentDeleted' },
    message: 'All content successfully deleted, may be waiting on finalization',
  },
]

/** The conditions of a terminating namespace about its remaining content, in upstream's words. Pure. */
export function conditionsOf(
  { status }: Namespace,
  contents: readonly StoredObject[],
  nowMs: number,
): readonly Condition[] {
  const before = status?.conditions ?? []
  return [...settled, remaining(contents), finalizing(contents)].map((statement) => {
    const known = before.find(({ type }) => type === statement.type)
    const { lastTransitionTime, ...said } = known ?? { ...statement, lastTransitionTime: undefined }
    if (known && isDeepEqual(said, statement)) return known
    const since = known?.status === statement.status ? lastTransitionTime : undefined
    return { ...statement, lastTransitionTime: since ?? secondsOf(nowMs) }
  })
}

function remaining(contents: readonly StoredObject[]): Statement {
  const counts = counted(contents, ({ object }) => {
    const { plural, group } = resourceOf(object)
    return [`${plural}.${group}`]
  })
  if (counts.length === 0) {
    return {
      ...{ type: 'NamespaceContentRemaining', status: 'False', reason: 'ContentRemoved' },
      message: 'All content successfully removed',
    }
  }
  const each = counts.map(([resource, count]) => `${resource} has ${count} resource instances`)
  return {
    ...{ type: 'NamespaceContentRemaining', status: 'True', reason: 'SomeResourcesRemain' },
    message: `Some resources are remaining: ${each.join(', ')}`,
  }
}

function finalizing(contents: readonly StoredObject[]): Statement {
  const counts = counted(contents, ({ object }) => object.metadata.finalizers ?? [])
  if (counts.length === 0) {
    return {
      ...{ type: 'NamespaceFinalizersRemaining', status: 'False' },
      ...{
        reason: 'ContentHasNoFinalizers',
        message: 'All content-preserving finalizers finished',
      },
    }
  }
  const each = counts.map(([finalizer, count]) => `${finalizer} in ${count} resource instances`)
  return {
    ...{ type: 'NamespaceFinalizersRemaining', status: 'True', reason: 'SomeFinalizersRemain' },
    message: `Some content in the namespace has finalizers remaining: ${each.join(', ')}`,
  }
}

/** How often each name occurs. */
function counted(
  contents: readonly StoredObject[],
  namesOf: (content: StoredObject) => readonly string[],
): readonly (readonly [name: string, count: number])[] {
  const counts = new Map<string, number>()
  for (const name of contents.flatMap(namesOf)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}

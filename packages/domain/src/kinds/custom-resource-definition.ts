import {
  type CustomResourceDefinition,
  conditionOf,
  type Resource,
  type ResourceTable,
  resourceId,
} from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'

/** Holds the definition until none of its objects is left. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

type Condition = NonNullable<NonNullable<CustomResourceDefinition['status']>['conditions']>[number]

/**
 * Names that nobody else in the group has are accepted at once, and the definition is established: objects may be
 * created.
 */
export const customResourceDefinitionRules: KindRules<CustomResourceDefinition> = {
  countsGeneration: true,
  statusMetadata: [],
  prepareCreate: (definition, { resources }) => ({
    ...definition,
    metadata: {
      ...definition.metadata,
      finalizers: [...new Set([...(definition.metadata.finalizers ?? []), cleanupFinalizer])],
    },
    status: acceptedStatus(definition, resources),
  }),
  prepareUpdate: (after, before, { resources }) => ({
    ...after,
    status: acceptedStatus({ ...after, status: before.status ?? {} }, resources),
  }),
  prepareStatus,
}

/** What was decided of the names stands, and some version is stored: objects may exist that depend on it. */
function prepareStatus(
  { status: wanted = {} }: CustomResourceDefinition,
  { status: decided }: CustomResourceDefinition,
): CustomResourceDefinition['status'] {
  if (decided === undefined) return wanted
  const conditions = [
    ...(decided.conditions ?? []).filter(isDecision),
    ...(wanted.conditions ?? []).filter((condition) => !isDecision(condition)),
  ]
  const { storedVersions } = wanted.storedVersions?.length ? wanted : decided
  const names = decided.acceptedNames && { acceptedNames: decided.acceptedNames }
  return { ...wanted, conditions, ...names, ...(storedVersions && { storedVersions }) }
}

const isDecision = ({ type }: { type: string }): boolean =>
  type === 'NamesAccepted' || type === 'Established'

/** Whether objects of the definition may exist. */
export const isEstablished = ({ status }: CustomResourceDefinition): boolean =>
  conditionOf(status, 'Established')?.status === 'True'

function acceptedStatus(
  definition: CustomResourceDefinition,
  resources: ResourceTable,
): NonNullable<CustomResourceDefinition['status']> {
  const { spec, status, metadata } = definition
  const { names, versions } = spec
  const taken = takenName(spec, resources)
  const lastTransitionTime = metadata.creationTimestamp ?? ''
  const condition = (
    type: string,
    status: boolean,
    reason: string,
    message: string,
  ): Condition => ({
    ...{ type, status: status ? 'True' : 'False', lastTransitionTime, reason, message },
  })
  const accepted = taken
    ? condition(
        'NamesAccepted',
        false,
        taken.reason,
        `${JSON.stringify(taken.name)} is already in use`,
      )
    : condition('NamesAccepted', true, 'NoConflicts', 'no conflicts found')
  const established =
    isEstablished(definition) || !taken
      ? condition(
          'Established',
          true,
          'InitialNamesAccepted',
          'the initial names have been accepted',
        )
      : condition('Established', false, 'NotAccepted', 'not all names are accepted')
  const storage = versions.filter((version) => version.storage).map(({ name }) => name)
  const storedVersions = [...new Set([...(status?.storedVersions ?? []), ...storage])]
  const acceptedNames = taken ? (status?.acceptedNames ?? { plural: '', kind: '' }) : names
  return { conditions: [accepted, established], acceptedNames, storedVersions }
}

type Taken = { reason: string; name: string }

/** The first name of a definition that another resource of its group already has. */
function takenName(
  { group, names }: CustomResourceDefinition['spec'],
  resources: ResourceTable,
): Taken | undefined {
  const own = resourceId({ plural: names.plural, group })
  const others = resources.all.filter(
    (resource) => resource.group === group && resourceId(resource) !== own,
  )
  const words = new Set(others.flatMap(wordsOf))
  const kinds = new Set(others.flatMap(({ kind, listKind }) => [kind, listKind]))
  const { plural, singular = '', shortNames = [], kind, listKind = '' } = names
  const wanted: readonly (readonly [string, string, ReadonlySet<string>])[] = [
    ['PluralConflict', plural, words],
    ['SingularConflict', singular, words],
    ...shortNames.map((name) => ['ShortNamesConflict', name, words] as const),
    ['KindConflict', kind, kinds],
    ['ListKindConflict', listKind, kinds],
  ]
  const found = wanted.find(([, name, taken]) => taken.has(name))
  return found && { reason: found[0], name: found[1] }
}

const wordsOf = ({ plural, singular, shortNames }: Resource): string[] => [
  plural,
  singular,
  ...shortNames,
]

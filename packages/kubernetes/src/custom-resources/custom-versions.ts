import type { CustomResourceVersion } from '../object.ts'

type Definition = { group: string; kind: string; served: readonly CustomResourceVersion[] }

/**
 * The warning for a deprecated version: the definition's own text, or upstream's, which names the newest version to use
 * instead.
 */
export function deprecationWarningOf(
  { name, deprecated, deprecationWarning }: CustomResourceVersion,
  { group, kind, served }: Definition,
): string | undefined {
  if (!deprecated) return undefined
  const newest = served.find((version) => !version.deprecated && byPriority(version, { name }) < 0)
  const instead = newest === undefined ? '' : `; use ${group}/${newest.name} ${kind}`
  return deprecationWarning ?? `${group}/${name} ${kind} is deprecated${instead}`
}

/**
 * Released versions before betas before alphas, the newest first:
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority.
 */
export function byPriority(one: { name: string }, other: { name: string }): number {
  const [a, b] = [rankOf(one.name), rankOf(other.name)]
  for (const [n, rank] of a.entries()) {
    const difference = (b[n] ?? 0) - rank
    if (difference !== 0) return difference
  }
  return one.name < other.name ? -1 : 1
}

function rankOf(name: string): number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(name)
  if (match === null) return [0, 0, 0]
  const [, major, stage, minor] = match
  const stages: Readonly<Record<string, number>> = { alpha: 1, beta: 2 }
  return [stage === undefined ? 3 : (stages[stage] ?? 0), Number(major), Number(minor ?? 0)]
}

import type { LabelSelector, PodSpec } from '../object.ts'
import type { Column } from '../resource.ts'

/** The first column of every table. */
export const nameColumn: Column = { name: 'Name', format: 'name' }

/** The column of an object's age. */
export const ageColumn: Column = { name: 'Age' }

/** The wide columns of whatever has a pod template. */
export const templateColumns: readonly Column[] = [
  { name: 'Containers', wide: true },
  { name: 'Images', wide: true },
  { name: 'Selector', wide: true },
]

/** The column of the creation time, for kinds whose age says little. */
export const createdAtColumn: Column = { name: 'Created At' }

/** The names of a pod spec's containers, and their images. */
export function containerCells(spec: PodSpec | undefined): [string, string] {
  const containers = spec?.containers ?? []
  const names = containers.map(({ name }) => name).join(',')
  return [names, containers.map(({ image }) => image ?? '').join(',')]
}

/** Labels as `a=b,c=d`. */
export function labelsCell(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return pairs.sort().join(',') || '<none>'
}

/** A label selector in kubectl's syntax. */
export function selectorCell(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  )
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key
    if (operator === 'DoesNotExist') return `!${key}`
    return `${key} ${operator.toLowerCase()} (${[...values].sort().join(',')})`
  })
  return [...labels, ...expressions].sort().join(',') || '<none>'
}

/** The first three of a list, and how many more there are. */
export function firstThree(items: readonly string[], none: string): string {
  if (items.length === 0) return none
  const more = items.length > 3 ? ` + ${items.length - 3} more...` : ''
  return items.slice(0, 3).join(',') + more
}

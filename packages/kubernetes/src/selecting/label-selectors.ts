import type { LabelSelector } from '../object.ts'
import { ownValue } from '../own-value.ts'

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const

/** A requirement on one label. */
export type Requirement = {
  readonly key: string
  readonly operator: (typeof operators)[number]
  readonly values: readonly string[]
}

/** All requirements must hold; an empty list holds for every object, 'Nothing' for none. */
export type Selector = readonly Requirement[] | 'Nothing'

/** Converts a selector object: an absent one selects nothing, an empty one everything. */
export function labelSelectorOf(selector: LabelSelector | null | undefined): Selector {
  if (selector === undefined || selector === null) return 'Nothing'
  const labels = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  )
  const requirements = [...labels]
  for (const { key, operator: text, values = [] } of selector.matchExpressions ?? []) {
    const operator = operators.find((one) => one === text)
    if (operator === undefined) return 'Nothing'
    requirements.push({ key, operator, values })
  }
  return requirements
}

/** Converts a map of labels (a Service's selector): all pairs must match; an empty or absent one selects nothing. */
export function labelMapSelector(labels: Readonly<Record<string, string>> | undefined): Selector {
  if (labels === undefined || Object.keys(labels).length === 0) return 'Nothing'
  return labelSelectorOf({ matchLabels: { ...labels } })
}

/** Whether an object with these labels is selected. */
export function matchesLabels(
  selector: Selector,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (selector === 'Nothing') return false
  return selector.every((requirement) => holds(requirement, ownValue(labels, requirement.key)))
}

function holds({ operator, values }: Requirement, label: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label)
    case 'NotIn':
      return label === undefined || !values.includes(label)
    case 'Exists':
      return label !== undefined
    case 'DoesNotExist':
      return label === undefined
    case 'Gt':
      return isInteger(label) && Number(label) > Number(values[0])
    case 'Lt':
      return isInteger(label) && Number(label) < Number(values[0])
  }
}

const isInteger = (label: string | undefined) => label !== undefined && /^-?\d+$/.test(label)

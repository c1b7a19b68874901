import type { Selector } from '@reckon/kubernetes'

/** A label that whatever is selected must have; undefined where there is none that is known beforehand. */
export function necessaryLabel(selector: Selector): string | undefined {
  if (selector === 'Nothing') return undefined
  for (const { key, operator, values } of selector) {
    if (operator === 'In' && values.length === 1) return labelText(key, values[0] ?? '')
  }
  return undefined
}

/** Each label of an object, as `necessaryLabel` names them. */
export const labelTexts = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([key, value]) => labelText(key, value))

const labelText = (key: string, value: string): string => `${key}=${value}`

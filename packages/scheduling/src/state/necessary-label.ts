import type { Selector } from '@reckon/kubernetes'

/** A label that everything selected must have; undefined where the selector requires no single one. */
export function necessaryLabel(selector: Selector): string | undefined {
  if (selector === 'Nothing') return undefined
  for (const { key, operator, values } of selector) {
    if (operator === 'In' && values.length === 1) return labelText(key, values[0] ?? '')
  }
  return undefined
}

/** The labels of an object, in the form of `necessaryLabel`. */
export const labelTexts = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([key, value]) => labelText(key, value))

const labelText = (key: string, value: string): string => `${key}=${value}`

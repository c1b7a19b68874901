import {
  type Author,
  type BlamedField,
  type HistoricChange,
  hiddenIn,
  isNoise,
  isSecretField,
} from '@reckon/domain'
import type { FieldChange, Resource } from '@reckon/kubernetes'

/** A change in the form that is returned. */
type ShownChange = Author &
  Pick<HistoricChange, 'type' | 'effect' | 'uid' | 'correlation'> & {
    causation?: string
    fields: readonly FieldChange[]
  }

/** A change in the form that is returned; undefined if it changed only noise, unless everything is wanted. */
export function shownChange(
  resource: Resource,
  change: HistoricChange,
  isAll: boolean,
): ShownChange | undefined {
  const { author, type, effect, uid, correlation, causation } = change
  const fields = shownFields(resource, change.fields, isAll)
  if (effect === 'Changed' && fields.length === 0 && !isAll) return undefined
  return {
    ...author,
    ...{ type, effect, uid, correlation },
    ...(causation && { causation }),
    fields,
  }
}

/** Fields without secret values and, unless everything is wanted, without noise. */
export const shownFields = (
  resource: Resource,
  fields: readonly FieldChange[],
  isAll: boolean,
): readonly FieldChange[] =>
  fields.filter(({ field }) => isAll || !isNoise(field)).map((change) => hiddenIn(resource, change))

/** A field with its value and its author. */
export const shownBlame = (resource: Resource, { field, value, author }: BlamedField) => ({
  ...{ field, author },
  value: isSecretField(resource, field) ? '(secret)' : value,
})

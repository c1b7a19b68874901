import {
  type Author,
  type BlamedField,
  type HistoricChange,
  hiddenIn,
  isNoise,
  isSecretField,
} from '@reckon/domain'
import type { FieldChange, Resource } from '@reckon/kubernetes'

/** A change as it is shown. */
type ShownChange = Author &
  Pick<HistoricChange, 'type' | 'effect' | 'uid' | 'correlation'> & {
    causation?: string
    fields: readonly FieldChange[]
  }

/** A change as it is shown; undefined of one that changed nothing but noise, unless all is wanted. */
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

/** Fields as they are shown: no values that are secret, and no noise, unless all is wanted. */
export const shownFields = (
  resource: Resource,
  fields: readonly FieldChange[],
  isAll: boolean,
): readonly FieldChange[] =>
  fields.filter(({ field }) => isAll || !isNoise(field)).map((change) => hiddenIn(resource, change))

/** A field as it is, with who made it so. */
export const shownBlame = (resource: Resource, { field, value, author }: BlamedField) => ({
  ...{ field, author },
  value: isSecretField(resource, field) ? '(secret)' : value,
})

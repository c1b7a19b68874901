import {
  type Author,
  type BlamedField,
  type HistoricChange,
  hiddenIn,
  isNoise,
  isSecretField,
} from '@reckon/domain'
import type { FieldChange, Resource } from '@reckon/kubernetes'

/** A change as it is told. */
type ToldChange = Author &
  Pick<HistoricChange, 'type' | 'effect' | 'uid' | 'correlation'> & {
    causation?: string
    fields: readonly FieldChange[]
  }

/** A change as it is told; undefined of one that changed nothing but noise, unless all is wanted. */
export function toldChange(
  resource: Resource,
  change: HistoricChange,
  isAll: boolean,
): ToldChange | undefined {
  const { author, type, effect, uid, correlation, causation } = change
  const fields = toldFields(resource, change.fields, isAll)
  if (effect === 'Changed' && fields.length === 0 && !isAll) return undefined
  return {
    ...author,
    ...{ type, effect, uid, correlation },
    ...(causation && { causation }),
    fields,
  }
}

/** Fields as they are told: no values that are secret, and no noise, unless all is wanted. */
export const toldFields = (
  resource: Resource,
  fields: readonly FieldChange[],
  isAll: boolean,
): readonly FieldChange[] =>
  fields.filter(({ field }) => isAll || !isNoise(field)).map((change) => hiddenIn(resource, change))

/** A field as it is, with who made it so. */
export const toldBlame = (resource: Resource, { field, value, author }: BlamedField) => ({
  ...{ field, author },
  value: isSecretField(resource, field) ? '(secret)' : value,
})

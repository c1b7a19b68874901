import { type FieldError, forbiddenField, notSupported } from '../../field-error.ts'

/** How volumes may be mounted, in the order in which upstream shows them. */
const shortNames = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
} as const

const alone = 'ReadWriteOncePod'

/** What is wrong with the access modes of a volume or a claim, where some are given. */
export function validateAccessModes(modes: readonly string[], field: string): FieldError[] {
  const supported = Object.keys(shortNames)
  const others = modes.filter((mode) => mode !== alone && supported.includes(mode))
  return [
    ...modes.flatMap((mode) =>
      supported.includes(mode) ? [] : [notSupported(field, mode, supported.toSorted())],
    ),
    ...(modes.includes(alone) && others.length > 0
      ? [forbiddenField(field, 'may not use ReadWriteOncePod with other access modes')]
      : []),
  ]
}

/** `RWO,RWX`. */
export const accessModesCell = (modes: readonly string[] | undefined): string =>
  Object.entries(shortNames)
    .flatMap(([mode, short]) => (modes?.includes(mode) ? [short] : []))
    .join(',')

import { StatusError } from '../status-error.ts'
import type { FieldManager } from './field-managers.ts'
import { pathsOf } from './field-set.ts'
import { pathText } from './path-step.ts'

/** The refusal of an apply that would change fields of other managers; it names each with its fields. */
export function applyConflict(managers: readonly FieldManager[]): StatusError {
  const conflicts = managers
    .map((manager) => ({ by: shown(manager), paths: pathsOf(manager.fields).map(pathText) }))
    .sort((a, b) => (a.by < b.by ? -1 : 1))
  const causes = conflicts.flatMap(({ by, paths }) =>
    paths.map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${by}`,
      field,
    })),
  )
  const [only] = causes
  const text =
    causes.length === 1 && only
      ? `1 conflict: ${only.message}: ${only.field}`
      : `${causes.length} conflicts: ${conflicts.flatMap(linesOf).join('\n')}`
  return new StatusError('Conflict', `Apply failed with ${text}`, { causes })
}

const linesOf = ({ by, paths }: { by: string; paths: readonly string[] }): string[] => [
  `conflicts with ${by}:`,
  ...paths.map((path) => `- ${path}`),
]

function shown({ manager, operation, apiVersion, subresource }: FieldManager): string {
  const name = JSON.stringify(manager)
  const below = subresource ? `${name} with subresource ${JSON.stringify(subresource)}` : name
  return operation === 'Update' ? `${below} using ${apiVersion}` : below
}

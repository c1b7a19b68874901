import { hasCondition } from '../../conditions.ts'
import { ageOf, humanDuration } from '../../human-duration.ts'
import type { Job } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { templateWarnings } from '../../unserved/pod-spec-warnings.ts'
import { ageColumn, containerCells, nameColumn, selectorCell, templateColumns } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { countErrors } from '../status-counts.ts'
import { setJobDefaults, validateJob, validateJobUpdate } from './job-rules.ts'

/** Job: names, defaults, rules and columns. */
export const jobs: Resource<Job> = {
  ...plainKind,
  group: 'batch',
  version: 'v1',
  servedVersions: [{ group: 'batch', version: 'v1' }],
  plural: 'jobs',
  singular: 'job',
  kind: 'Job',
  listKind: 'JobList',
  namespaced: true,
  categories: ['all'],
  subresources: ['status'],
  selectableFields: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
  setDefaults: setJobDefaults,
  validateStatus: (object) => countErrors(object),
  validate: (object) => validateJob(object),
  validateUpdate: (after, before) => validateJobUpdate(after, before),
  warnings: templateWarnings,
  columns: [
    nameColumn,
    { name: 'Status' },
    { name: 'Completions' },
    { name: 'Duration' },
    ageColumn,
    ...templateColumns,
  ],
  row: (object, now) => {
    const { metadata, spec } = object
    return [
      metadata.name,
      stateOf(object),
      completionsOf(object),
      durationOf(object, now),
      ageOf(metadata.creationTimestamp, now),
      ...containerCells(spec.template?.spec),
      selectorCell(spec.selector),
    ]
  },
}

/** The state of a Job: the last of these that applies, as in upstream's printer. */
function stateOf({ metadata, status }: Job): string {
  if (hasCondition(status, 'Complete')) return 'Complete'
  if (hasCondition(status, 'Failed')) return 'Failed'
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  if (hasCondition(status, 'Suspended')) return 'Suspended'
  if (hasCondition(status, 'FailureTarget')) return 'FailureTarget'
  return hasCondition(status, 'SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running'
}

function completionsOf({ spec: { completions, parallelism = 1 }, status }: Job): string {
  const succeeded = status?.succeeded ?? 0
  if (completions !== undefined) return `${succeeded}/${completions}`
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function durationOf({ status }: Job, now: Date): string {
  const { startTime, completionTime } = status ?? {}
  if (startTime === undefined) return ''
  const until = completionTime === undefined ? now.getTime() : Date.parse(completionTime)
  return humanDuration(until - Date.parse(startTime))
}

import type { LimitRange } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { createdAtColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { validateLimitRange } from './limit-range-validation.ts'

/** LimitRange: default requests and limits in a namespace, and their bounds. */
export const limitRanges: Resource<LimitRange> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'limitranges',
  singular: 'limitrange',
  kind: 'LimitRange',
  listKind: 'LimitRangeList',
  namespaced: true,
  shortNames: ['limits'],
  setDefaults,
  validate: validateLimitRange,
  columns: [nameColumn, createdAtColumn],
  row: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? ''],
}

/**
 * For containers, an absent default limit is the maximum; an absent default request is the default limit, else the
 * minimum.
 */
function setDefaults({ spec }: LimitRange): void {
  for (const item of spec?.limits ?? []) {
    if (item.type !== 'Container') continue
    const limits = { ...item.max, ...item.default }
    const requests = { ...item.min, ...limits, ...item.defaultRequest }
    if (Object.keys(limits).length > 0) item.default = limits
    if (Object.keys(requests).length > 0) item.defaultRequest = requests
  }
}

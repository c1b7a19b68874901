import { ageOf } from '../../human-duration.ts'
import type { CronJob } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { podSpecWarnings } from '../../unserved/pod-spec-warnings.ts'
import { ageColumn, containerCells, nameColumn, selectorCell, templateColumns } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { setCronJobDefaults, validateCronJob } from './cron-job-rules.ts'

/** CronJob: names, defaults, rules and columns. */
export const cronJobs: Resource<CronJob> = {
  ...plainKind,
  group: 'batch',
  version: 'v1',
  servedVersions: [{ group: 'batch', version: 'v1' }],
  plural: 'cronjobs',
  singular: 'cronjob',
  kind: 'CronJob',
  listKind: 'CronJobList',
  namespaced: true,
  shortNames: ['cj'],
  categories: ['all'],
  subresources: ['status'],
  setDefaults: setCronJobDefaults,
  validate: (object) => validateCronJob(object),
  warnings: ({ spec }) =>
    podSpecWarnings(spec?.jobTemplate?.spec?.template?.spec, 'spec.jobTemplate.spec.template.spec'),
  columns: [
    nameColumn,
    { name: 'Schedule' },
    { name: 'Timezone' },
    { name: 'Suspend' },
    { name: 'Active', type: 'integer' },
    { name: 'Last Schedule' },
    ageColumn,
    ...templateColumns,
  ],
  row: (object, now) => {
    const { metadata, spec, status } = object
    const { lastScheduleTime } = status ?? {}
    const job = spec.jobTemplate?.spec
    return [
      metadata.name,
      spec.schedule,
      spec.timeZone ?? '<none>',
      spec.suspend ? 'True' : 'False',
      status?.active?.length ?? 0,
      lastScheduleTime === undefined ? '<none>' : ageOf(lastScheduleTime, now),
      ageOf(metadata.creationTimestamp, now),
      ...containerCells(job?.template?.spec),
      selectorCell(job?.selector),
    ]
  },
}

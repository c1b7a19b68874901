import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { nonNegative } from '../../field-rules.ts'
import type { CronJob, Undefaulted } from '../../object.ts'
import { setTemplateDefaults } from '../../pod-spec/pod-template-defaults.ts'
import { cronFields, everyMs } from './cron-fields.ts'
import { setFailurePolicyDefaults, validateJob } from './job-rules.ts'

/** The longest name: a Job's name is the CronJob's with the minute appended. */
const nameLengthMax = 52
const policies = ['Allow', 'Forbid', 'Replace']

/** Fills in what batch/v1 fills in; changes the object. */
export function setCronJobDefaults(object: Undefaulted<CronJob>): void {
  object.spec ??= { schedule: '', jobTemplate: {} }
  const { spec } = object
  spec.schedule ??= ''
  spec.jobTemplate ??= {}
  spec.concurrencyPolicy ||= 'Allow'
  spec.suspend ??= false
  spec.successfulJobsHistoryLimit ??= 3
  spec.failedJobsHistoryLimit ??= 1
  const { spec: job } = spec.jobTemplate ?? {}
  if (job) {
    setTemplateDefaults({ ...object, spec: job })
    setFailurePolicyDefaults(job)
  }
}

/** What is wrong with a CronJob. */
export function validateCronJob({ metadata, spec }: CronJob): FieldError[] {
  const { concurrencyPolicy, jobTemplate } = spec
  return [
    ...(metadata.name.length > nameLengthMax
      ? [invalidValue('metadata.name', metadata.name, 'must be no more than 52 characters')]
      : []),
    ...validateSchedule(spec.schedule),
    ...validateTimeZone(spec.timeZone),
    ...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...(concurrencyPolicy && policies.includes(concurrencyPolicy)
      ? []
      : [notSupported('spec.concurrencyPolicy', concurrencyPolicy, policies)]),
    ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
    ...validateJobTemplate(jobTemplate),
  ]
}

function validateSchedule(schedule: string): FieldError[] {
  if (schedule === '') return [required('spec.schedule')]
  if (schedule.includes('TZ')) {
    const detail = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
    return [invalidValue('spec.schedule', schedule, detail)]
  }
  if (everyMs(schedule) !== undefined) return []
  const parsed = cronFields(schedule)
  return 'problem' in parsed ? [invalidValue('spec.schedule', schedule, parsed.problem)] : []
}

function validateTimeZone(timeZone: string | undefined): FieldError[] {
  if (timeZone === undefined) return []
  if (timeZone === '') {
    return [invalidValue('spec.timeZone', timeZone, 'must be nil or non-empty string')]
  }
  if (timeZone.toLowerCase() === 'local') {
    return [invalidValue('spec.timeZone', timeZone, 'timeZone must be an explicit time zone')]
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return []
  } catch {
    return [invalidValue('spec.timeZone', timeZone, `unknown time zone ${timeZone}`)]
  }
}

/** The Job's own rules; its selector and labels come with the Job. */
function validateJobTemplate({ spec }: CronJob['spec']['jobTemplate']): FieldError[] {
  if (spec === undefined) return [required('spec.jobTemplate.spec')]
  const at = 'spec.jobTemplate.'
  const { selector, manualSelector } = spec
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: '' }, spec }
  const comeLater = ['spec.selector', 'spec.template.metadata.labels']
  return [
    ...(selector
      ? [invalidValue(`${at}spec.selector`, selector, '`selector` will be auto-generated')]
      : []),
    ...(manualSelector
      ? [notSupported(`${at}spec.manualSelector`, manualSelector, ['nil', 'false'])]
      : []),
    ...validateJob(job)
      .filter(({ field }) => !comeLater.includes(field))
      .map((error) => ({ ...error, field: at + error.field })),
  ]
}

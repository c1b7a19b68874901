import {
  badRequest,
  type FieldError,
  forbiddenField,
  invalid,
  invalidValue,
} from '@reckon/kubernetes'
import type { LogOptions } from '@reckon/node-plane'
import { isTrue, type Query } from '../requests/request-context.ts'

/** The options of a log request; refused where upstream's `ValidatePodLogOptions` refuses them. */
export function logOptionsOf(query: Query): LogOptions {
  const sinceSeconds = integer(query, 'sinceSeconds')
  const tailLines = integer(query, 'tailLines')
  const limitBytes = integer(query, 'limitBytes')
  const sinceTime = query.sinceTime || undefined
  if (sinceTime !== undefined && Number.isNaN(Date.parse(sinceTime))) {
    throw badRequest(`unable to decode query: sinceTime: "${sinceTime}" is no time`)
  }
  const findings = [
    ...atLeast(0, 'tailLines', tailLines),
    ...atLeast(1, 'limitBytes', limitBytes),
    ...atLeast(1, 'sinceSeconds', sinceSeconds),
    ...(sinceSeconds !== undefined && sinceTime !== undefined
      ? [forbiddenField('', 'at most one of `sinceTime` or `sinceSeconds` may be specified')]
      : []),
  ]
  if (findings.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, '', findings)
  return {
    follow: isTrue(query.follow),
    timestamps: isTrue(query.timestamps),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
  }
}

function integer(query: Query, name: string): number | undefined {
  const text = query[name]
  if (text === undefined || text === '') return undefined
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw badRequest(`unable to decode query: ${name}: invalid value "${text}", want a whole number`)
}

function atLeast(least: 0 | 1, field: string, value: number | undefined): readonly FieldError[] {
  if (value === undefined || value >= least) return []
  const detail = least === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0'
  return [invalidValue(field, value, detail)]
}

import {
  canonicalQuantity,
  compareQuantities,
  type LimitRangeItem,
  ownValue,
  type PersistentVolumeClaim,
  type Pod,
  parseQuantity,
} from '@reckon/kubernetes'
import { type Amounts, podLimitsOf, podRequestsOf } from '../amounts.ts'

type ResourceAmounts = { requests: Amounts; limits: Amounts }

/** The limits of a LimitRange item that a pod exceeds, in upstream's words. Pure. */
export function brokenLimits(item: LimitRangeItem, { spec }: Pod): readonly string[] {
  if (item.type === 'Pod') {
    return brokenBy({ requests: podRequestsOf(spec), limits: podLimitsOf(spec) }, item)
  }
  if (item.type !== 'Container') return []
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    brokenBy({ requests: resources?.requests ?? {}, limits: resources?.limits ?? {} }, item),
  )
}

/** The same for a claim, of which only the request counts. Pure. */
export function brokenClaimLimits(
  item: LimitRangeItem,
  { spec: { resources } }: PersistentVolumeClaim,
): readonly string[] {
  if (item.type !== 'PersistentVolumeClaim') return []
  const { maxLimitRequestRatio: _, ...bounds } = item
  return brokenBy({ requests: resources?.requests ?? {}, limits: {} }, bounds)
}

function brokenBy(asked: ResourceAmounts, item: LimitRangeItem): readonly string[] {
  const each = (
    amounts: Amounts | undefined,
    broken: (part: { bound: string; request?: string; limit?: string }) => string,
    subject: (name: string, bound: string) => string,
  ) =>
    Object.entries(amounts ?? {}).flatMap(([name, bound]) => {
      const request = ownValue(asked.requests, name)
      const limit = ownValue(asked.limits, name)
      const why = broken({ bound, ...(request && { request }), ...(limit && { limit }) })
      return why === '' ? [] : [`${subject(name, bound)}${why}`]
    })
  const { type } = item
  return [
    ...each(
      item.min,
      belowMin,
      (name, bound) => `minimum ${name} usage per ${type} is ${canonicalQuantity(bound)}`,
    ),
    ...each(
      item.max,
      type === 'PersistentVolumeClaim' ? requestAboveMax : aboveMax,
      (name, bound) => `maximum ${name} usage per ${type} is ${canonicalQuantity(bound)}`,
    ),
    ...each(
      item.maxLimitRequestRatio,
      aboveRatio,
      (name, bound) =>
        `${name} max limit to request ratio per ${type} is ${canonicalQuantity(bound)}`,
    ),
  ]
}

type Part = { bound: string; request?: string; limit?: string }

function belowMin({ bound, request, limit }: Part): string {
  if (request === undefined) return '.  No request is specified'
  if (compareQuantities(request, bound) < 0) return `, but request is ${request}`
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `, but limit is ${limit}` : ''
}

function aboveMax({ bound, request, limit }: Part): string {
  if (limit === undefined) return '.  No limit is specified'
  if (compareQuantities(limit, bound) > 0) return `, but limit is ${limit}`
  return request !== undefined && compareQuantities(request, bound) > 0
    ? `, but request is ${request}`
    : ''
}

function requestAboveMax({ bound, request }: Part): string {
  if (request === undefined) return '.  No request is specified'
  return compareQuantities(request, bound) > 0 ? `, but request is ${request}` : ''
}

function aboveRatio({ bound, request, limit }: Part): string {
  if (!request || nanosOf(request) === 0) return ', but no request is specified or request is 0'
  if (!limit || nanosOf(limit) === 0) return ', but no limit is specified or limit is 0'
  const ratio = nanosOf(limit) / nanosOf(request)
  return ratio > nanosOf(bound) / 1e9 ? `, but provided ratio is ${ratio.toFixed(6)}` : ''
}

const nanosOf = (quantity: string): number => Number(parseQuantity(quantity).nanos)

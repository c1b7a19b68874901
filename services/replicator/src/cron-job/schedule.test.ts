import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CronJob } from '@reckon/kubernetes'
import { scheduleOf } from './schedule.ts'

const cronJob = (schedule: string, timeZone?: string): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'sum' },
  spec: { schedule, ...(timeZone && { timeZone }), jobTemplate: {} },
})
const iso = (atMs: number | undefined) => atMs && new Date(atMs).toISOString().slice(0, 16)
const after = (schedule: string, at: string, timeZone?: string) =>
  iso(scheduleOf(cronJob(schedule, timeZone)).after(Date.parse(at)))
const last = (schedule: string, since: string, until: string) =>
  iso(scheduleOf(cronJob(schedule)).last(Date.parse(since), Date.parse(until)))

test('the next time is after the moment, in the zone of the schedule', () => {
  assert.equal(after('*/15 * * * *', '2026-01-01T00:00:00Z'), '2026-01-01T00:15')
  assert.equal(after('0 9 * * mon-fri', '2026-01-02T09:00:00Z'), '2026-01-05T09:00')
  assert.equal(after('0 9 * * *', '2026-01-02T00:00:00Z', 'Europe/Berlin'), '2026-01-02T08:00')
  assert.equal(after('@hourly', '2026-01-02T00:59:59Z'), '2026-01-02T01:00')
  assert.equal(after('0 0 31 2 *', '2026-01-02T00:00:00Z'), undefined)
})

test('the last time is found however many were missed', () => {
  assert.equal(
    last('* * * * *', '2020-01-01T00:00:00Z', '2026-01-01T00:00:30Z'),
    '2026-01-01T00:00',
  )
  assert.equal(
    last('0 3 1 * *', '2020-01-01T00:00:00Z', '2026-01-15T00:00:00Z'),
    '2026-01-01T03:00',
  )
  assert.equal(last('0 3 * * *', '2026-01-01T03:00:00Z', '2026-01-02T02:59:59Z'), undefined)
  assert.equal(
    last('0 3 * * *', '2026-01-01T03:00:00Z', '2026-01-02T03:00:00Z'),
    '2026-01-02T03:00',
  )
})

test('@every counts from the last time there was, or from the creation', () => {
  const created = { name: 'sum', creationTimestamp: '2026-01-01T00:00:10Z' }
  const every = scheduleOf({ ...cronJob('@every 1h30m'), metadata: created })
  assert.equal(iso(every.after(Date.parse('2026-01-01T00:00:10Z'))), '2026-01-01T01:30')
  const until = Date.parse('2026-01-01T04:00:00Z')
  assert.equal(iso(every.last(Date.parse('2026-01-01T00:00:10Z'), until)), '2026-01-01T03:00')
  assert.equal(every.last(Date.parse('2026-01-01T03:00:10Z'), until), undefined)
  const after = { ...cronJob('@every 90s'), status: { lastScheduleTime: '2026-01-01T00:00:00Z' } }
  assert.equal(iso(scheduleOf(after).after(Date.parse('2026-01-01T00:02:00Z'))), '2026-01-01T00:03')
})

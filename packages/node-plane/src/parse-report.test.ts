import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import { podNotesMax } from './node-message.ts'
import { parseReport } from './parse-report.ts'

const note = { type: 'Warning', reason: 'FailedSync', message: 'it broke', count: 1 }
const reported = (notes: unknown) =>
  parseReport(
    new TextEncoder().encode(
      JSON.stringify({
        type: 'PodStatus',
        ...{ namespace: 'default', name: 'web', uid: 'u', boot: 1, number: 1, status: {} },
        cause: { id: 'c', correlationId: 'c' },
        notes,
      }),
    ),
  )

test('a report brings notes as they are said, and nothing besides', () => {
  const said = { ...note, source: { component: 'kube-apiserver' }, firstTimestamp: 'never' }
  const report = reported([said])
  assert.deepEqual('notes' in report && report.notes, [note])
  assert.equal('notes' in reported(undefined), false)
})

test('notes that are none, too many or overlong are refused', () => {
  const bad: unknown[] = [
    5,
    [5],
    [{ ...note, type: 'Error' }],
    [{ ...note, reason: 'two words' }],
    [{ ...note, reason: 'R'.repeat(129) }],
    [{ ...note, message: '' }],
    [{ ...note, message: 'x'.repeat(1_025) }],
    [{ ...note, count: 0 }],
    [{ ...note, count: 1.5 }],
    Array.from({ length: podNotesMax + 1 }, () => note),
  ]
  for (const notes of bad) {
    const isRefused = (error: unknown) => isRefusal(error, 'BadRequest')
    assert.throws(() => reported(notes), isRefused, JSON.stringify(notes).slice(0, 80))
  }
})

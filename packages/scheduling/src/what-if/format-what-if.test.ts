import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatWhatIf } from './format-what-if.ts'
import type { WhatIfReport } from './what-if-report.ts'

const use = (requested: number, allocatable: number) => ({ requested, allocatable })
const filled = (cpu: number) => ({
  ...{ cpu: use(cpu, 4000), memory: use(1.5 * 2 ** 30, 2 ** 32), pods: use(2, 110) },
})
const report: WhatIfReport = {
  ...{ decided: 3, same: 2, elsewhere: [], schedulable: [], unschedulable: [], waiting: [] },
  ...{ added: [], removed: [], notes: [], nodes: {} },
  utilisation: { before: filled(1000), after: filled(2000) },
}
const lines = (more: Partial<WhatIfReport>) => formatWhatIf({ ...report, ...more }).split('\n')
const pod = (name: string, more: object = {}) => ({ pod: `default/${name}`, ...more })
const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`)

test('where nothing changes there is the count, and how full it is', () => {
  assert.deepEqual(lines({}), [
    '3 decided anew, 2 as they were',
    '',
    'NODE   CPU BEFORE  AFTER    MEMORY BEFORE  AFTER        PODS BEFORE  AFTER',
    'all 0  1 (25%)     2 (50%)  1.5Gi (38%)    1.5Gi (38%)  2/110        2/110',
    '',
  ])
})

test('each sort of pods is counted and listed under its title; why one waits is told, and not of one that is placed', () => {
  const one = (name: string, more: object) => [pod(name, more)]
  const text = lines({
    elsewhere: one('a', { before: 'n', after: 'm' }),
    schedulable: one('b', { after: 'm', message: 'unsaid' }),
    unschedulable: one('c', { before: 'n', message: 'too large' }),
    waiting: one('d', { message: 'no room' }),
    added: one('e', { after: 'm' }),
    removed: ['default/f'],
    notes: ['there is no node x'],
  })
  assert.deepEqual(text.slice(0, -4), [
    'Note: there is no node x',
    '3 decided anew, 2 as they were, 1 elsewhere, 1 find a place, 1 find none, 1 wait either way, 1 supposed, 1 gone',
    ...['', 'Land elsewhere', '  POD        BEFORE  AFTER', '  default/a  n       m'],
    ...['', 'Become schedulable', '  POD        BEFORE  AFTER', '  default/b  <none>  m'],
    ...[
      '',
      'Become unschedulable',
      '  POD        BEFORE  AFTER',
      '  default/c  n       <none>  too large',
    ],
    ...[
      '',
      'Wait either way',
      '  POD        BEFORE  AFTER',
      '  default/d  <none>  <none>  no room',
    ],
    ...['', 'Supposed pods', '  POD        BEFORE  AFTER', '  default/e  <none>  m'],
    ...['', 'Gone', '  default/f'],
  ])
})

test('only nodes that are filled otherwise have a row; one that comes or goes has a dash', () => {
  const nodes = {
    same: { before: filled(1000), after: filled(1000) },
    more: { before: filled(1000), after: filled(4000) },
    come: { after: filled(0) },
  }
  const [more = '', come = '', all = ''] = lines({ nodes }).slice(3)
  assert.match(more, /^more +1 \(25%\) +4 \(100%\) /)
  assert.match(come, /^come +- +0 \(0%\) +- +1\.5Gi \(38%\) +- +2\/110$/)
  assert.match(all, /^all 3 /)
  const empty = { cpu: use(0, 0), memory: use(0, 0), pods: use(0, 0) }
  assert.match(lines({ nodes: { new: { after: empty } } })[3] ?? '', /^new +- +0 \(0%\) /)
})

test('of many the first are shown, and how many there are besides', () => {
  const fifty = lines({ removed: many(50), waiting: many(50).map((name) => pod(name)) })
  assert.ok(fifty.every((line) => !line.includes('…')))
  const more = lines({ removed: many(51), waiting: many(52).map((name) => pod(name)) })
  assert.ok(more.includes('  … and 1 more (-o json has all)'))
  assert.ok(more.includes('  … and 2 more (-o json has all)'))
  assert.ok(!more.includes('  p50'))
  const nodesOf = (count: number) =>
    Object.fromEntries(many(count).map((name) => [name, { after: filled(0) }]))
  assert.ok(lines({ nodes: nodesOf(20) }).every((line) => !line.includes('…')))
  assert.ok(lines({ nodes: nodesOf(21) }).includes('  … and 1 more (-o json has all)'))
})

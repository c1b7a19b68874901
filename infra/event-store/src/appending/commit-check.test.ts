import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCommit, type ExpectedRevision, type StreamHistory } from './commit-check.ts'

const id = (name: string) => Buffer.from(name)

function stream(ids: readonly string[], rest: Partial<StreamHistory> = {}): StreamHistory {
  return {
    lastRevision: ids.length - 1,
    deleted: 'No',
    hasMetadata: () => false,
    recentRevisionOf: (wanted) => {
      const revision = ids.indexOf(wanted.toString())
      return revision < 0 ? undefined : revision
    },
    idAt: (revision) => (ids[revision] === undefined ? undefined : id(ids[revision])),
    ...rest,
  }
}

function check(expected: ExpectedRevision, ids: readonly string[], history: StreamHistory) {
  const { type, ...rest } = checkCommit(expected, ids.map(id), history)
  return [type, ...Object.values(rest)].join(' ')
}

test('a new stream takes only those who expect anything or nothing', () => {
  assert.equal(check('Any', ['a'], stream([])), 'Append')
  assert.equal(check('NoStream', ['a'], stream([])), 'Append')
  assert.equal(check(0, ['a'], stream([])), 'WrongExpectedVersion -1')
  assert.equal(check('StreamExists', ['a'], stream([])), 'WrongExpectedVersion -1')
  assert.equal(check('StreamExists', ['a'], stream([], { hasMetadata: () => true })), 'Append')
})

test('an expected revision must be the last one', () => {
  assert.equal(check(1, ['c'], stream(['a', 'b'])), 'Append')
  assert.equal(check(0, ['c'], stream(['a', 'b'])), 'WrongExpectedVersion 1')
  assert.equal(check(2, ['c'], stream(['a', 'b'])), 'WrongExpectedVersion 1')
})

test('the same events behind the expected revision are recorded already', () => {
  assert.equal(check('NoStream', ['a', 'b'], stream(['a', 'b', 'c'])), 'AlreadyRecorded 1')
  assert.equal(check(0, ['b'], stream(['a', 'b', 'c'])), 'AlreadyRecorded 1')
  assert.equal(check(0, ['b', 'x'], stream(['a', 'b', 'c'])), 'WrongExpectedVersion 2')
  assert.equal(check(1, ['c', 'd'], stream(['a', 'b', 'c'])), 'WrongExpectedVersion 2')
})

test('without an expected revision all events must be known, or none', () => {
  assert.equal(check('Any', ['a', 'b'], stream(['a', 'b', 'c'])), 'AlreadyRecorded 1')
  assert.equal(check('Any', ['c', 'd'], stream(['a', 'b', 'c'])), 'WrongExpectedVersion 2')
  assert.equal(check('StreamExists', ['d'], stream(['a', 'b', 'c'])), 'Append')
})

test('a soft-deleted stream begins again, a tombstoned one never', () => {
  const soft = stream(['a'], { deleted: 'Soft' })
  assert.equal(check('NoStream', ['b'], soft), 'Append')
  assert.equal(check('StreamExists', ['b'], soft), 'StreamDeleted')
  assert.equal(check('Any', ['b'], stream(['a'], { deleted: 'Hard' })), 'StreamDeleted')
})

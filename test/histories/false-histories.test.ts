import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkHistory } from './check-history.ts'
import {
  all,
  api,
  bookmark,
  create,
  del,
  done,
  get,
  home,
  line,
  list,
  listed,
  patch,
  refused,
  Story,
  seen,
  watch,
  watched,
  web,
} from './story.ts'
import { described } from './violation.ts'

/** `web` is created by Ada's first request, answered at time 2. */
const begun = () =>
  new Story().asked([1, 2], create('x'), done(2, 'x')).recorded(2, web, { token: 'x' }, 1)

/** And changed by her second, answered at time 4. */
const changed = () =>
  begun().asked([3, 4], patch('y'), done(3, 'y')).recorded(3, web, { token: 'y' }, 2)

const exists = 'what is written exists, what is created does not'
const log = 'a watch is exactly the log'
const moment = 'what is answered was true at some moment'
const cut = 'a list is one moment of the log'
const backwards = 'nobody reads backwards'

const falseHistories: Record<string, [Story, string]> = {
  'an acknowledged creation that the log lacks': [
    new Story().asked([1, 2], create('x'), done(2, 'x')),
    'what is acknowledged is recorded',
  ],
  'an acknowledged patch without effect': [
    changed().asked([5, 6], patch('x'), done(3, 'y')),
    'what is acknowledged is recorded',
  ],
  'a deletion that is answered as done and was not': [
    begun().asked([3, 4], del(), { type: 'Gone', uid: 'u1' }),
    'what is acknowledged is recorded',
  ],
  'an answer that names another version than the one recorded': [
    begun().asked([3, 4], patch('y'), done(2, 'x')).recorded(3, web, { token: 'y' }, 2),
    'a write answers what it recorded',
  ],
  'something else recorded than was asked for': [
    begun().asked([3, 4], patch('y'), done(3, 'z')).recorded(3, web, { token: 'z' }, 2),
    'what is recorded was asked for',
  ],
  'an event that nobody asked for': [
    begun().recorded(3, web, { token: 'y' }, 9),
    'what is recorded was asked for',
  ],
  'a refused write that is recorded': [
    begun()
      .asked([3, 4], patch('y'), refused(503, 'ServiceUnavailable'))
      .recorded(3, web, { token: 'y' }, 2),
    'what is refused is not recorded',
  ],
  'a write of unknown outcome that is recorded twice': [
    begun()
      .asked([3], patch('y'))
      .recorded(3, web, { token: 'y' }, 2)
      .recorded(4, web, { token: 'y' }, 2),
    'a request is recorded once',
  ],
  'a creation of what is there': [
    begun().asked([3, 4], create('y'), done(3, 'y')).recorded(3, web, { token: 'y' }, 2),
    exists,
  ],
  'a change of what is gone': [
    begun()
      .recorded(3, web, 'Deleted')
      .asked([3, 4], patch('y'), done(4, 'y'))
      .recorded(4, web, { token: 'y' }, 2),
    exists,
  ],
  'a uid precondition passed by another uid': [
    begun()
      .recorded(3, web, 'Deleted')
      .recorded(4, web, { token: 'z', uid: 'u2' })
      .asked([3, 4], del({ uid: 'u1' }), { type: 'Gone', uid: 'u2' })
      .recorded(5, web, 'Deleted', 2),
    'a precondition is not passed',
  ],
  'an update that is lost under one with an older version': [
    changed()
      .asked([5, 6], patch('z', { version: 2n }), done(4, 'z'))
      .recorded(4, web, { token: 'z' }, 3),
    'a precondition is not passed',
  ],
  'two writes that the log has the other way round': [
    begun()
      .asked([3, 4], patch('y'), done(4, 'y'))
      .asked([5, 6], patch('z'), done(3, 'z'), 'bob')
      .recorded(3, web, { token: 'z' }, 3)
      .recorded(4, web, { token: 'y' }, 2),
    'the order of the log is that of time',
  ],
  'a change seen before it was asked for': [
    begun()
      .asked([3, 4], get(), done(3, 'y'), 'bob')
      .asked([5, 6], patch('y'), done(3, 'y'))
      .recorded(3, web, { token: 'y' }, 3),
    'the order of the log is that of time',
  ],
  'a client that does not read its own write': [
    changed().asked([5, 6], get(), done(2, 'x')),
    'everybody reads their own writes',
  ],
  "a read that misses another client's acknowledged write": [
    changed().asked([5, 6], get(), done(2, 'x'), 'bob'),
    'a read sees every write answered before it',
  ],
  'a client that reads backwards': [
    begun()
      .recorded(3, web, { token: 'y' })
      .asked([3, 4], get(), done(3, 'y'), 'bob')
      .asked([5, 6], get(), done(2, 'x'), 'bob'),
    backwards,
  ],
  'a no-op decided on an old state': [
    changed().asked([5, 6], patch('x'), done(2, 'x')),
    'everybody reads their own writes',
  ],
  'something shown that was never so': [
    begun().asked([3, 4], get(), done(2, 'other')),
    'what is shown was recorded',
  ],
  'a read older than the version that it asks for': [
    changed().asked([5, 6], get(3), done(2, 'x')),
    'a read is as new as it asks',
  ],
  'a 404 for what is there': [begun().asked([3, 4], get(), refused(404, 'NotFound')), moment],
  'a 409 for what is gone': [
    begun()
      .asked([3, 4], del(), { type: 'Gone', uid: 'u1' })
      .recorded(3, web, 'Deleted', 2)
      .asked([5, 6], create('y'), refused(409, 'AlreadyExists')),
    moment,
  ],
  'a conflict though the precondition held': [
    changed().asked([5, 6], patch('z', { version: 3n }), refused(409, 'Conflict')),
    moment,
  ],
  'a conflict though nothing was expected and nobody wrote': [
    changed().asked([5, 6], patch('z'), refused(409, 'Conflict')),
    moment,
  ],
  'a namespace that is said to be terminating and is not': [
    new Story().asked([1, 2], create('x'), refused(403, 'Forbidden')),
    moment,
  ],
  'a namespace that is said not to be there and is': [
    new Story()
      .asked([1, 2], create('h', home), refused(409, 'AlreadyExists'))
      .asked([3, 4], create('x'), refused(404, 'NotFound')),
    backwards,
  ],
  'a 404 and then, without a creation, the object again': [
    begun()
      .recorded(3, web, 'Deleted')
      .asked([3, 4], get(), refused(404, 'NotFound'), 'bob')
      .asked([5, 6], get(), done(2, 'x'), 'bob'),
    moment,
  ],
  'an internal error': [
    begun().asked([3, 4], get(), refused(500, 'InternalError')),
    'what may be done is not refused',
  ],
  'a watch from a version of this log that is called too old': [
    begun().asked([3, 4], watch(2), refused(410, 'Expired')),
    'what may be done is not refused',
  ],
  'a watch with a gap': [
    changed()
      .recorded(4, web, { token: 'z' })
      .asked([5, 9], watch(2), watched(line(6, 'MODIFIED', seen(4, 'z')))),
    log,
  ],
  'a watch that repeats itself': [
    changed().asked(
      [5, 9],
      watch(2),
      watched(line(6, 'MODIFIED', seen(3, 'y')), line(7, 'MODIFIED', seen(3, 'y'))),
    ),
    log,
  ],
  'a watch that tells what is before its beginning': [
    changed().asked([5, 9], watch(3), watched(line(6, 'MODIFIED', seen(3, 'y')))),
    log,
  ],
  'a watch that tells of another namespace': [
    changed().asked(
      [5, 9],
      watch(2, { namespace: 'b' }),
      watched(line(6, 'MODIFIED', seen(3, 'y'))),
    ),
    log,
  ],
  'a watch that tells of what its selector leaves out': [
    changed().asked(
      [5, 9],
      watch(2, { labels: { app: 'web' } }),
      watched(line(6, 'MODIFIED', seen(3, 'y'))),
    ),
    log,
  ],
  'a watch that misses what its selector loses': [
    begun()
      .recorded(3, api, { labels: { app: 'api' } })
      .recorded(4, api, { labels: {} })
      .asked(
        [5, 9],
        watch(2, { labels: { app: 'api' } }),
        watched(line(6, 'ADDED', seen(3, 't', { ref: api })), bookmark(7, 4)),
      ),
    log,
  ],
  'a bookmark before what it includes': [
    changed().asked([5, 9], watch(2), watched(bookmark(6, 3))),
    log,
  ],
  'bookmarks that go backwards': [
    changed().asked(
      [5, 9],
      watch(1),
      watched(line(6, 'ADDED', seen(2, 'x')), line(7, 'MODIFIED', seen(3, 'y')), bookmark(8, 2)),
    ),
    log,
  ],
  'a bookmark at a version that is not recorded': [
    changed().asked([5, 9], watch(3), watched(bookmark(6, 7))),
    'no answer names what is not recorded',
  ],
  'a watch that tells a change before it was asked for': [
    begun()
      .asked([3, 6], watch(2), watched(line(4, 'MODIFIED', seen(3, 'y'))), 'bob')
      .asked([7, 8], patch('y'), done(3, 'y'))
      .recorded(3, web, { token: 'y' }, 3),
    'the order of the log is that of time',
  ],
  'first events that are not of one moment': [
    begun()
      .recorded(3, api, {})
      .asked(
        [5, 9],
        { verb: 'watch', scope: all, since: 'Initial' },
        watched(line(6, 'ADDED', seen(2, 'x')), bookmark(7, 3, true)),
      ),
    cut,
  ],
  'a list that lacks an object': [
    begun()
      .recorded(3, api, {})
      .asked([3, 4], list(), listed(3, [seen(2, 'x')])),
    cut,
  ],
  'a list of two moments': [
    changed()
      .recorded(4, api, {})
      .asked([5, 6], list(), listed(4, [seen(4, 't', { ref: api }), seen(2, 'x')])),
    cut,
  ],
  'a list that still has what was deleted': [
    begun()
      .recorded(3, web, 'Deleted')
      .asked([5, 6], list(), listed(3, [seen(2, 'x')])),
    cut,
  ],
  'a list in another order': [
    begun()
      .recorded(3, api, {})
      .asked([3, 4], list(), listed(3, [seen(2, 'x'), seen(3, 't', { ref: api })])),
    cut,
  ],
  'a page that leaves out what follows the page before': [
    begun()
      .recorded(3, api, {})
      .asked([3, 4], list({ limit: 1, after: api, version: 3n, isExact: true }), listed(3, [])),
    cut,
  ],
  'a page of another version than the first': [
    begun()
      .recorded(3, api, {})
      .asked(
        [3, 4],
        list({ limit: 1, after: api, version: 2n, isExact: true }),
        listed(3, [seen(2, 'x')]),
      ),
    'a read is as new as it asks',
  ],
  'a list older than what was acknowledged': [
    changed().asked([5, 6], list(), listed(2, [seen(2, 'x')]), 'bob'),
    'a read sees every write answered before it',
  ],
  'a list at a version that is not recorded': [
    begun().asked([3, 4], list(), listed(9, [seen(2, 'x')])),
    'no answer names what is not recorded',
  ],
}

describe('a false history is found', () => {
  for (const [name, [story, rule]] of Object.entries(falseHistories)) {
    test(name, () => {
      const { judged, violations } = checkHistory(story.operations, story.events)
      assert.equal(judged, story.operations.length)
      const found = violations.map(described).join('\n')
      assert.ok(
        violations.some((violation) => violation.rule === rule),
        `wanted "${rule}", found:\n${found}`,
      )
    })
  }
})

test('an answer with an Audit-Id that the log does not have is found', () => {
  const { operations, events } = begun()
  const [creation] = operations
  assert.ok(creation?.answer)
  creation.answer.auditId = 'audit-1'
  assert.deepEqual(checkHistory(operations, events).violations, [])
  creation.answer.auditId = 'audit-7'
  assert.equal(
    checkHistory(operations, events).violations[0]?.rule,
    'a write answers what it recorded',
  )
})

test('of what is sealed and cannot be opened only the token is unknown', () => {
  const { operations, events } = changed().asked([5, 6], get(), done(2, 'x'))
  const closed = events.map((event) => ({
    ...event,
    ...(event.ref === web &&
      event.state && { state: { ...event.state, token: undefined, isClosed: true } }),
  }))
  const truly = operations.slice(0, 2)
  assert.deepEqual(checkHistory(truly, closed).violations, [])
  assert.equal(checkHistory(operations, closed).violations.length, 1)
})

test('a violation is told with the operations and events that show it', () => {
  const { operations, events } = changed().asked([5, 6], get(), done(2, 'x'))
  const [violation] = checkHistory(operations, events).violations
  assert.ok(violation)
  assert.equal(
    described(violation),
    [
      'everybody reads their own writes: #3: @3 was recorded after [5]; #2: @3 before [4]',
      '  asked    #3 by ada [5] get configmaps a/web {} → [6] configmaps a/web@2 "x"',
      '  asked    #2 by ada [3] patch configmaps a/web {"token":"y","precondition":{}} → [4] configmaps a/web@3 "y"',
      '  recorded @3 Changed configmaps a/web uid u1 "y" of #2',
    ].join('\n'),
  )
})

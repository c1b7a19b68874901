import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayPublish, maySubscribe } from './permissions.ts'
import { inboxOf, isInbox, nameIn, subjectMatches, tokenOf } from './subject.ts'

test('a wider pattern covers a narrower one, and no wildcard is taken for a token', () => {
  assert.ok(subjectMatches('nodes.*.read', 'nodes.a.read'))
  assert.ok(subjectMatches('nodes.>', 'nodes.*.read'))
  assert.ok(!subjectMatches('nodes.*', 'nodes.>'))
  assert.ok(!subjectMatches('nodes.a.read', 'nodes.*.read'))
})

test("a name with dots is one token, so that no inbox lies in another user's", () => {
  assert.equal(nameIn(tokenOf('ip-10-0-0-1.ec2.internal')), 'ip-10-0-0-1.ec2.internal')
  assert.ok(!isInbox(`${inboxOf('a.b')}.1`, 'a'))
  assert.ok(isInbox(`${inboxOf('a.b')}.1`, 'a.b'))
  for (const other of [
    'events.pods',
    '_INBOX',
    '_INBOX.b.1',
    '_INBOX.a',
    '_INBOX.a.*',
    '_INBOX.a.>',
  ]) {
    assert.ok(!isInbox(other, 'a'), other)
  }
})

test('a user hears its own inbox, and what it may', () => {
  const user = { user: 'a', permissions: { publish: ['x.*'], subscribe: ['y'] } }
  assert.ok(maySubscribe(user, '_INBOX.a.>') && maySubscribe(user, 'y'))
  assert.ok(!maySubscribe(user, '_INBOX.>') && !maySubscribe(user, '>'))
  assert.ok(mayPublish(user, 'x.1') && !mayPublish(user, 'x.1.2'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DoorSessions } from './door-session.ts'

function opened() {
  let nowMs = 0
  const sessions = new DoorSessions(() => nowMs, 8_001)
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { sessions, pass }
}

test('a link works once', () => {
  const { sessions } = opened()
  const code = sessions.newCode()
  assert.ok(sessions.begin(code))
  assert.equal(sessions.begin(code), undefined)
  assert.equal(sessions.begin('made-up'), undefined)
})

test('and for a minute', () => {
  const { sessions, pass } = opened()
  const code = sessions.newCode()
  pass(60_001)
  assert.equal(sessions.begin(code), undefined)
})

test('a session is both of its halves, until it ends', () => {
  const { sessions } = opened()
  const [one, other] = [sessions.begin(sessions.newCode()), sessions.begin(sessions.newCode())]
  assert.ok(one && other)
  const cookie = one.cookie.split(';')[0] ?? ''
  assert.ok(sessions.holds({ cookie, 'x-reckon-ui': one.half }))
  assert.ok(!sessions.holds({ cookie }))
  assert.ok(!sessions.holds({ cookie, 'x-reckon-ui': other.half }))
  assert.ok(!sessions.holds({ 'x-reckon-ui': one.half }))
  assert.match(one.cookie, /HttpOnly; SameSite=Strict/)
  sessions.end({ cookie })
  assert.ok(!sessions.holds({ cookie, 'x-reckon-ui': one.half }))
})

test('two doors of a host are told apart by their cookies', () => {
  const doors = [1, 2].map((port) => new DoorSessions(() => 0, port))
  const begun = doors.map((door) => door.begin(door.newCode()))
  const cookie = begun.map((each) => each?.cookie.split(';')[0] ?? '').join('; ')
  for (const [index, door] of doors.entries()) {
    assert.ok(door.holds({ cookie, 'x-reckon-ui': begun[index]?.half }))
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProxySessions } from './proxy-sessions.ts'

function opened() {
  let nowMs = 0
  const sessions = new ProxySessions(() => nowMs, 8_001)
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

test('two proxies of a host are told apart by their cookies', () => {
  const proxies = [1, 2].map((port) => new ProxySessions(() => 0, port))
  const begun = proxies.map((proxy) => proxy.begin(proxy.newCode()))
  const cookie = begun.map((each) => each?.cookie.split(';')[0] ?? '').join('; ')
  for (const [index, proxy] of proxies.entries()) {
    assert.ok(proxy.holds({ cookie, 'x-reckon-ui': begun[index]?.half }))
  }
})

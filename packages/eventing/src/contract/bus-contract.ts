import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import type { Bus } from '../bus/bus.ts'
import type { Credentials } from '../bus/permissions.ts'
import { busPermissionsContract } from './bus-permissions-contract.ts'
import { bytes, fresh, listen, settled, text } from './wire-probe.ts'

export type BusContract = {
  /** Another connection to the same wire: as one of the contract's users, or with all permissions. */
  connect(credentials?: Credentials): Promise<Bus>
  /** Publishes with a reply subject of the caller's choice, as any NATS client can. */
  ask(subject: string, data: Uint8Array, reply: string): Promise<void>
}

/** The contract of every `Bus`, twin or real. */
export function busContract(name: string, { connect, ask }: BusContract): void {
  describe(`the bus (${name})`, () => {
    let near: Bus
    let far: Bus
    before(async () => {
      near = await connect()
      far = await connect()
    })
    after(async () => {
      await near.close()
      await far.close()
    })

    test('delivers bytes and headers as they are, in order', async () => {
      const subject = fresh()
      const { next } = await listen(far, subject)
      for (let n = 0; n < 50; n++) near.publish(subject, bytes(`{"n":${n}}`), { Position: `${n}` })
      const messages = await next(50)
      assert.deepEqual(
        messages.map(text),
        Array.from({ length: 50 }, (_, n) => `{"n":${n}}`),
      )
      assert.deepEqual(
        messages.map(({ headers }) => headers.Position),
        [...Array(50).keys()].map(String),
      )
      assert.equal(messages[0]?.subject, subject)
    })

    test('delivers to every subscription, the sender’s own too, and to none that has ended', async () => {
      const subject = fresh()
      const [one, two, ended] = [
        await listen(near, subject),
        await listen(far, subject),
        await listen(far, subject),
      ]
      ended.end()
      await far.flush()
      near.publish(subject, bytes('x'))
      await Promise.all([one.next(1), two.next(1)])
      await settled(near, far)
      assert.equal(ended.messages.length, 0)
    })

    test('matches * as one token and > as the rest', async () => {
      const subject = fresh()
      const [star, rest] = [
        await listen(far, `${subject}.*.end`),
        await listen(far, `${subject}.>`),
      ]
      for (const tail of ['a.end', 'a.b.end', 'a']) near.publish(`${subject}.${tail}`, bytes(tail))
      near.publish(subject, bytes('bare'))
      await settled(near, far)
      assert.deepEqual(star.messages.map(text), ['a.end'])
      assert.deepEqual(rest.messages.map(text), ['a.end', 'a.b.end', 'a'])
    })

    test('gives each message to one of a queue group', async () => {
      const subject = fresh()
      const group = [await listen(far, subject, 'group'), await listen(far, subject, 'group')]
      for (let n = 0; n < 40; n++) near.publish(subject, bytes(`${n}`))
      await settled(near, far)
      assert.equal(
        group.reduce((sum, { messages }) => sum + messages.length, 0),
        40,
      )
    })

    test('carries a request to who listens, and the answer back', async () => {
      const subject = fresh()
      far.subscribe(subject, (message) =>
        message.respond(bytes(`${text(message)}!`), { Seen: 'yes' }),
      )
      await far.flush()
      const answer = await near.request(subject, bytes('hello'), { timeoutMs: 5000 })
      assert.equal(text(answer), 'hello!')
      assert.equal(answer.headers.Seen, 'yes')
    })

    test('says at once that nobody listens', async () => {
      const nobody = (error: unknown) => isRefusal(error, 'ServiceUnavailable')
      await assert.rejects(near.request(fresh(), bytes('x'), { timeoutMs: 60_000 }), nobody)
      const many = async () => {
        for await (const _ of near.requestMany(fresh(), bytes('x'), { timeoutMs: 60_000 }));
      }
      await assert.rejects(many, nobody)
    })

    test('says when no answer came in time', async () => {
      const subject = fresh()
      await listen(far, subject)
      const late = (error: unknown) => isRefusal(error, 'Timeout')
      await assert.rejects(near.request(subject, bytes('x'), { timeoutMs: 60 }), late)
    })

    test('brings an answer in several messages, up to the empty one', async () => {
      const subject = fresh()
      far.subscribe(subject, (message) => {
        for (const part of ['a', 'b', 'c', '']) message.respond(bytes(part))
      })
      await far.flush()
      const parts: string[] = []
      const options = { timeoutMs: 5000 }
      for await (const part of near.requestMany(subject, bytes('x'), options))
        parts.push(text(part))
      assert.deepEqual(parts, ['a', 'b', 'c'])
    })

    test('notices that an answer in several messages broke off', async () => {
      const subject = fresh()
      far.subscribe(subject, (message) => message.respond(bytes('a')))
      await far.flush()
      const parts: string[] = []
      const read = async () => {
        const options = { timeoutMs: 60 }
        for await (const part of near.requestMany(subject, bytes('x'), options))
          parts.push(text(part))
      }
      await assert.rejects(read, (error) => isRefusal(error, 'Timeout'))
      assert.deepEqual(parts, ['a'])
    })

    test('carries as much as it says, and refuses more', async () => {
      const subject = fresh()
      const { next } = await listen(far, subject)
      const size = near.payloadBytesMax - 1024
      near.publish(subject, new Uint8Array(size), { Position: '1' })
      assert.equal((await next(1))[0]?.data.length, size)
      assert.throws(
        () => near.publish(subject, new Uint8Array(near.payloadBytesMax + 1)),
        (error) => isRefusal(error, 'RequestEntityTooLarge'),
      )
    })

    test('answers into inboxes only, whatever a message asks for', async () => {
      const [subject, wanted] = [fresh(), fresh()]
      const answered = await listen(near, wanted)
      const asked = await listen(far, subject)
      const inbox = `_INBOX.${fresh()}`
      const inInbox = await listen(near, inbox)
      for (const reply of [wanted, inbox]) await ask(subject, bytes('x'), reply)
      for (const message of await asked.next(2)) message.respond(bytes('answer'))
      await inInbox.next(1)
      await settled(far, near)
      assert.deepEqual(answered.messages, [])
      assert.deepEqual(
        asked.messages.map(({ reply }) => reply),
        [wanted, inbox],
      )
    })

    const noSubjects = ['', '.', 'a.', '.a', 'a..b', 'a b', 'a\tb', 'a\r\nPUB b 0', 'a\nb', 'a\0b']
    test('takes nothing for a subject that is none, and no wildcard to publish on', async () => {
      for (const subject of [
        ...noSubjects,
        '*',
        '>',
        'a.*',
        'a.>',
        'a*',
        'a.b>',
        'a'.repeat(2000),
      ]) {
        assert.throws(() => near.publish(subject, bytes('x')), assert.AssertionError, subject)
        const asked = near.request(subject, bytes('x'), { timeoutMs: 10 })
        await assert.rejects(asked, assert.AssertionError, subject)
        const many = Array.fromAsync(near.requestMany(subject, bytes('x'), { timeoutMs: 10 }))
        await assert.rejects(many, assert.AssertionError, subject)
      }
      for (const pattern of [...noSubjects, 'a.>.b', '>.a', 'a*', '**', 'a.b>']) {
        assert.throws(() => near.subscribe(pattern, () => {}), assert.AssertionError, pattern)
      }
    })

    busPermissionsContract(connect)

    test('is connected, and was never lost', () => {
      assert.equal(near.connected, true)
      assert.equal(near.reconnects, 0)
    })
  })
}

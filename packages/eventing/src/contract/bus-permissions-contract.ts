import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import type { Bus, Message } from '../bus/bus.ts'
import type { Credentials } from '../bus/permissions.ts'
import { bytes, listen, text } from './wire-probe.ts'

/** The users that the wire under test must know: one asks and publishes, one subscribes and answers. */
export const contractUsers = {
  asker: {
    user: 'asker',
    permissions: { publish: ['contract.asked.*'], subscribe: ['contract.news'] },
  },
  publisher: {
    user: 'publisher',
    permissions: {
      publish: ['contract.news', '_INBOX.*.>'],
      subscribe: ['contract.asked.*', 'contract.hidden.open'],
    },
  },
} satisfies Record<string, Credentials>

/** The contract for permissions. `connect` opens a connection as a user, or with all permissions. */
export function busPermissionsContract(connect: (credentials?: Credentials) => Promise<Bus>): void {
  describe('between users with permissions', () => {
    let asker: Bus
    let publisher: Bus
    let anybody: Bus
    before(async () => {
      anybody = await connect()
      asker = await connect(contractUsers.asker)
      publisher = await connect(contractUsers.publisher)
    })
    after(async () => {
      await asker.close()
      await publisher.close()
      await anybody.close()
    })

    test('carries what both may say and hear, and answers into the inbox of who asked', async () => {
      const received = await listen(asker, 'contract.news')
      publisher.publish('contract.news', bytes('news'))
      assert.deepEqual((await received.next(1)).map(text), ['news'])
      const end = publisher.subscribe('contract.asked.*', (message) => {
        message.respond(bytes(message.reply?.split('.')[1] ?? ''))
        message.respond(bytes(''))
      })
      await publisher.flush()
      const options = { timeoutMs: 5000 }
      assert.equal(text(await asker.request('contract.asked.one', bytes('x'), options)), 'asker')
      const many = await Array.fromAsync(
        asker.requestMany('contract.asked.two', bytes('x'), options),
      )
      assert.deepEqual(many.map(text), ['asker'])
      end()
      received.end()
    })

    test('loses what a user may not publish, and says so to who asks', async () => {
      const heard = await listen(anybody, 'contract.>')
      for (const subject of ['contract.news', 'contract.other', 'contract.asked.one.more']) {
        asker.publish(subject, bytes('x'))
        const isForbidden = (error: unknown) => isRefusal(error, 'Forbidden')
        const options = { timeoutMs: 60_000 }
        await assert.rejects(asker.request(subject, bytes('x'), options), isForbidden)
        const many = Array.fromAsync(asker.requestMany(subject, bytes('x'), options))
        await assert.rejects(many, isForbidden)
      }
      anybody.publish('contract.last', bytes('mark'))
      const [first] = await heard.next(1)
      assert.equal(first?.subject, 'contract.last')
      heard.end()
    })

    test('brings a user nothing that it may not hear', async () => {
      const patterns = ['contract.asked.one', 'contract.*', 'contract.>', '>', '_INBOX.>']
      const heard = patterns.map((pattern) => {
        const messages: Message[] = []
        asker.subscribe(pattern, (message) => messages.push(message))
        return messages
      })
      const own: Message[] = []
      asker.subscribe('_INBOX.asker.x', (message) => own.push(message))
      await asker.flush()
      for (const subject of ['contract.asked.one', 'contract.other', '_INBOX.publisher.x']) {
        anybody.publish(subject, bytes('x'))
      }
      anybody.publish('_INBOX.asker.x', bytes('x'))
      const mark = await listen(asker, 'contract.news')
      anybody.publish('contract.news', bytes('mark'))
      await mark.next(1)
      mark.end()
      assert.deepEqual(heard.flat(), [])
      assert.equal(own.length, 1)
    })
  })
}

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type Docker from 'dockerode'
import { RuntimeRefusal } from '../../runtime/runtime.ts'
import { readLog } from './read-log.ts'

/** An engine that says where a log lies, and has removed its container by the time that anybody looks. */
const engineThatForgets = (LogPath: string) => {
  const container = {
    inspect: async () => ({ LogPath, State: { Running: true } }),
    wait: async () => {
      throw new Error('no such container')
    },
  }
  return { getContainer: () => container } as unknown as Docker
}

for (const follow of [false, true]) {
  const how = follow ? 'followed' : 'read'
  test(`the log of a container that is removed just then is ${how} to its end`, async () => {
    const docker = engineThatForgets(join('/proc/self/no-such-folder', 'id-json.log'))
    const selection = { follow, timestamps: false }
    const { signal } = new AbortController()
    const said = readLog({ docker, engine: (call) => call() }, 'id', { selection, signal })
    assert.deepEqual(await Array.fromAsync(said), [])
  })
}

test('a log that cannot be read is refused, and breaks nothing', async () => {
  const docker = engineThatForgets('/proc/self/exe/id-json.log')
  const selection = { follow: false, timestamps: false }
  const { signal } = new AbortController()
  const said = readLog({ docker, engine: (call) => call() }, 'id', { selection, signal })
  await assert.rejects(Array.fromAsync(said), RuntimeRefusal)
})

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { resolverIn } from './machine-resolver.ts'

const own = 'etc/resolv.conf'
const asked = 'run/systemd/resolve/resolv.conf'
const server = 'nameserver 192.0.2.53\n'

test("a pod asks whom the machine asks, and not systemd-resolved on the machine's loopback", async () => {
  assert.deepEqual(await foundIn({}), { path: own, text: '' })
  assert.deepEqual(await foundIn({ [own]: server, [asked]: '' }), { path: own, text: server })
  const stub = 'nameserver 127.0.0.53\noptions edns0\n'
  assert.deepEqual(await foundIn({ [own]: stub }), { path: own, text: stub })
  assert.deepEqual(await foundIn({ [own]: stub, [asked]: server }), { path: asked, text: server })
})

async function foundIn(files: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'reckon-resolver-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true })
      await writeFile(join(root, name), text)
    }
    const { path, text } = await resolverIn(root)
    return { path: path.slice(root.length + 1), text }
  } finally {
    await rm(root, { recursive: true })
  }
}

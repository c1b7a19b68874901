import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadKubeconfig } from './kubeconfig.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-kubeconfig-'))
})
after(() => rm(folder, { recursive: true }))

test('a file that is not there is named, with what to do', () => {
  const file = join(folder, 'none')
  assert.throws(() => loadKubeconfig(file), /there is no kubeconfig at .*none; .*reckon kubeconfig/)
})

test('a file that is none is named', async () => {
  const file = join(folder, 'broken')
  await writeFile(file, 'foo: [')
  assert.throws(() => loadKubeconfig(file), /broken is no kubeconfig: /)
})

import { randomBytes } from 'node:crypto'
import { access, mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '@reckon/process'
import type { Layout } from './layout.ts'

/**
 * Makes the key under which the cluster's Secrets are encrypted, where there is none: 32 random bytes, readable by their
 * owner only. It is on the disk, whole, before anything is sealed with it: who loses it loses every Secret.
 */
export async function ensureMasterKey(layout: Layout): Promise<void> {
  const path = layout.key('master')
  if (await exists(path)) return
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(randomBytes(32))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

import { randomBytes } from 'node:crypto'
import type { Layout } from '../layout.ts'
import { ensureKeyFile } from './key-file.ts'

/**
 * Makes the key under which the cluster's Secrets are encrypted, where there is none: 32 random bytes. Who loses it
 * loses every Secret.
 */
export const ensureMasterKey = (layout: Layout): Promise<void> =>
  ensureKeyFile(layout.key('master'), () => randomBytes(32))

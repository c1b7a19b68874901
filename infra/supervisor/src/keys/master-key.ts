import { randomBytes } from 'node:crypto'
import type { Layout } from '../layout.ts'
import { ensureKeyFile } from './key-file.ts'

/**
 * Creates the key under which the cluster's Secrets are encrypted, if there is none: 32 random bytes. Without it every
 * Secret is lost.
 */
export const ensureMasterKey = (layout: Layout): Promise<void> =>
  ensureKeyFile(layout.key('master'), () => randomBytes(32))

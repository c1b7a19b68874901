import { generateKeyPairSync } from 'node:crypto'
import type { Layout } from '../layout.ts'
import { ensureKeyFile } from './key-file.ts'

/** Creates the key that signs service account tokens, if there is none. With a new key all tokens become invalid. */
export const ensureTokenKey = (layout: Layout): Promise<void> =>
  ensureKeyFile(layout.key('service-account'), () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return privateKey.export({ type: 'pkcs8', format: 'pem' })
  })

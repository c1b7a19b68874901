import { generateKeyPairSync } from 'node:crypto'
import type { Layout } from '../layout.ts'
import { ensureKeyFile } from './key-file.ts'

/** Makes the key that signs the tokens of service accounts, where there is none. With another one no token holds. */
export const ensureTokenKey = (layout: Layout): Promise<void> =>
  ensureKeyFile(layout.key('service-account'), () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return privateKey.export({ type: 'pkcs8', format: 'pem' })
  })

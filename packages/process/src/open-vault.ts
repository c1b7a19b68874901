import { readFile } from 'node:fs/promises'
import type { Vault } from '@reckon/eventing'
import { messageOf } from '@reckon/kubernetes'
import { ConfigurationError, type Option } from './configuration.ts'
import { createVault } from './vault.ts'

/** The option of every process that reads Secrets. */
export const masterKeyOption = {
  description:
    'the file with the key under which Secrets are encrypted; none: their values stay sealed',
  default: '',
} as const satisfies Option

/**
 * The vault for the master key in a file; undefined without a file. Throws `ConfigurationError` where the file holds no
 * key.
 */
export async function openVault(file: string): Promise<Vault | undefined> {
  if (file === '') return undefined
  try {
    return createVault(await readFile(file))
  } catch (error) {
    throw new ConfigurationError(`--master-key: ${messageOf(error)}`, { cause: error })
  }
}

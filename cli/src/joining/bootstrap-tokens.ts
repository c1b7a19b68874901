import { randomInt } from 'node:crypto'
import {
  type BootstrapToken,
  bootstrapTokenIn,
  bootstrapTokenName,
  bootstrapTokenNamespace,
  bootstrapTokenSecret,
  bootstrapTokenType,
  type Secret,
} from '@reckon/kubernetes'
import { type ApiClient, expectJson } from '../asking/api-client.ts'

const path = `/api/v1/namespaces/${bootstrapTokenNamespace}/secrets`
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

type CreatedToken = { description?: string; lastsMs?: number }

/** Creates a bootstrap token, `<id>.<secret>`; without `lastsMs` it is valid until it is deleted. */
export async function createToken(
  api: ApiClient,
  { description, lastsMs }: CreatedToken = {},
): Promise<string> {
  const token: BootstrapToken = { id: drawn(6), secret: drawn(16) }
  const secret = bootstrapTokenSecret(token, {
    ...(description && { description }),
    ...(lastsMs !== undefined && { endsMs: Date.now() + lastsMs }),
  })
  expectJson(await api.ask('POST', path, secret))
  return `${token.id}.${token.secret}`
}

/** The Secrets of all bootstrap tokens. */
export async function listTokens(api: ApiClient): Promise<readonly Secret[]> {
  const selector = encodeURIComponent(`type=${bootstrapTokenType}`)
  const answer = await api.ask('GET', `${path}?fieldSelector=${selector}`)
  return expectJson<{ items: Secret[] }>(answer).items
}

/** Deletes a token, given whole or by its id. */
export async function deleteToken(api: ApiClient, text: string): Promise<void> {
  const id = bootstrapTokenIn(text)?.id ?? text
  expectJson(await api.ask('DELETE', `${path}/${encodeURIComponent(bootstrapTokenName(id))}`))
}

const drawn = (length: number): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('')

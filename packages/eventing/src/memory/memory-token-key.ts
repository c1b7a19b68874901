import type { TokenKey } from '../token-key.ts'

/** Deterministic tokens that anybody could forge, for the simulation. */
export const createMemoryTokenKey = (): TokenKey => ({
  sign: async (claims) => `memory.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`,
  async verify(token) {
    const [by, text = ''] = token.split('.')
    return by === 'memory' && text
      ? JSON.parse(Buffer.from(text, 'base64url').toString())
      : undefined
  },
  publicKeys: [],
  algorithm: 'none',
})

import { StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { AccountTokens } from '../access/account-tokens.ts'
import type { ApiPorts } from '../ports.ts'
import { authorizePath } from '../requests/request-context.ts'

const keysPath = '/openid/v1/jwks'

/** OpenID Connect Discovery, by which others verify service account tokens, as far as upstream serves it. */
export const openid: FastifyPluginAsync<{ ports: ApiPorts; tokens: AccountTokens }> = async (
  app,
  { ports: { tokenKey }, tokens },
) => {
  const present = () => {
    if (tokenKey !== undefined) return tokenKey
    throw new StatusError('NotFound', 'this server signs no tokens')
  }
  app.get('/.well-known/openid-configuration', async (request) => {
    authorizePath(request)
    return {
      issuer: tokens.issuer,
      jwks_uri: `https://${request.host}${keysPath}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [present().algorithm],
    }
  })
  app.get(keysPath, async (request, reply) => {
    authorizePath(request)
    reply.header('content-type', 'application/jwk-set+json')
    return JSON.stringify({ keys: present().publicKeys })
  })
}

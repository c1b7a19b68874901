import {
  bootstrapTokenIn,
  bootstrapTokenName,
  bootstrapTokenNamespace,
  judgeBootstrapToken,
  secrets,
} from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { type Authenticator, authenticated, unauthorized } from './authenticator.ts'
import { shownToken } from './bearer-token.ts'
import { judgedAtHead } from './judged-at-head.ts'
import type { RefusedCredentials } from './refused-credentials.ts'

/** Authenticates a machine that joins by its bootstrap token; an unknown or expired one is refused. */
export const bootstrapToken =
  (
    ports: Pick<ApiPorts, 'objects' | 'known' | 'reader' | 'clock'>,
    refused: RefusedCredentials,
  ): Authenticator =>
  async (request) => {
    const token = bootstrapTokenIn(shownToken(request) ?? '')
    if (token === undefined) return undefined
    const name = bootstrapTokenName(token.id)
    const judged = await judgedAtHead(ports, () => {
      const kept = ports.known.get(secrets, bootstrapTokenNamespace, name)?.object
      return judgeBootstrapToken(kept, token, ports.clock.now())
    })
    if (!('problem' in judged)) return authenticated(judged.name, judged.groups)
    refused.tell(`a bootstrap token was shown: ${judged.problem}`)
    throw unauthorized
  }

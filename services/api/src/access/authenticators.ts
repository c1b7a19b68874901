import type { ApiPorts } from '../ports.ts'
import type { AccountTokens } from './account-tokens.ts'
import { type Authenticator, firstUser } from './authenticator.ts'
import { bearerToken } from './bearer-token.ts'
import { bootstrapToken } from './bootstrap-token.ts'
import { clientCertificate, refuseForeignCertificate } from './client-certificate.ts'

/** All authenticators, in the order in which they are asked. A new one is a file and an entry here. */
export const authenticatorsOf = (ports: ApiPorts, tokens: AccountTokens): Authenticator =>
  firstUser([
    clientCertificate,
    bootstrapToken(ports),
    bearerToken(tokens),
    refuseForeignCertificate,
  ])

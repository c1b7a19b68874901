import type { ApiPorts } from '../ports.ts'
import { sessionUser } from '../ui/session.ts'
import type { AccountTokens } from './account-tokens.ts'
import { type Authenticator, firstUser } from './authenticator.ts'
import { bearerToken } from './bearer-token.ts'
import { bootstrapToken } from './bootstrap-token.ts'
import { certificateOfClient } from './certificate-of-client.ts'
import { refuseForeignCertificate } from './client-certificate.ts'
import { RefusedCredentials } from './refused-credentials.ts'

/** All authenticators, in the order in which they are asked. To add one, write a file and add an entry here. */
export function authenticatorsOf(ports: ApiPorts, tokens: AccountTokens): Authenticator {
  const refused = new RefusedCredentials(ports)
  return firstUser([
    certificateOfClient(ports, refused),
    bootstrapToken(ports, refused),
    bearerToken(tokens),
    sessionUser(tokens),
    refuseForeignCertificate(refused),
  ])
}

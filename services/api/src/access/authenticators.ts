import { type Authenticator, firstUser } from './authenticator.ts'
import { clientCertificate } from './client-certificate.ts'

/** All authenticators, in the order in which they are asked. A new one is a file and an entry here. */
export const authenticators: Authenticator = firstUser([clientCertificate])

import { heldRequests, nodesGroup } from '@reckon/domain'
import type { CertificateSigningRequest } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { type Authenticator, type User, unauthorized } from './authenticator.ts'
import { clientCertificate, shownCertificate } from './client-certificate.ts'
import { judgedAtHead } from './judged-at-head.ts'
import type { RefusedCredentials } from './refused-credentials.ts'

/**
 * Authenticates by client certificate. A node's certificate is valid only as long as the CertificateSigningRequest by
 * which it was signed exists: that of a node that has left is refused, however long it would be valid.
 */
export const certificateOfClient =
  (ports: Judging['ports'], refused: RefusedCredentials): Authenticator =>
  (request) => {
    const user = clientCertificate(request)
    return user?.groups.includes(nodesGroup) ? judgedNode({ ports, refused }, request, user) : user
  }

type Judging = {
  ports: Pick<ApiPorts, 'objects' | 'known' | 'reader' | 'clock'>
  refused: RefusedCredentials
}

async function judgedNode(
  { ports, refused }: Judging,
  request: FastifyRequest,
  user: User,
): Promise<User> {
  const problem = `the certificate of ${user.name} was shown: it counts no more`
  const judged = await judgedAtHead(ports, () => (isHeld(ports, request) ? user : { problem }))
  if (!('problem' in judged)) return judged
  refused.tell(problem)
  throw unauthorized
}

function isHeld({ known, clock }: Pick<ApiPorts, 'known' | 'clock'>, request: FastifyRequest) {
  const shown = shownCertificate(request)
  return heldRequests(known, clock.now()).some((each) => certificateOf(each) === shown)
}

/** Cached by object version, which never changes: nodes ask often, and all of them share the list. */
const certificates = new WeakMap<CertificateSigningRequest, string>()

function certificateOf(request: CertificateSigningRequest): string {
  const known = certificates.get(request)
  if (known !== undefined) return known
  const certificate = firstCertificateIn(request.status?.certificate ?? '')
  certificates.set(request, certificate)
  return certificate
}

const block = /-----BEGIN CERTIFICATE-----([^-]+)-----END/

/** The first certificate of a PEM given in base64, as DER in base64; '' where there is none. */
const firstCertificateIn = (base64: string): string =>
  block.exec(Buffer.from(base64, 'base64').toString())?.[1]?.replaceAll(/\s/g, '') ?? ''

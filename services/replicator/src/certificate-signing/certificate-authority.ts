/** What a certificate is signed for. */
export type Signing = {
  /** The request, PKCS #10 as PEM. */
  request: string
  /** What it may be used for, as a CertificateSigningRequest names it. */
  usages: readonly string[]
  notBeforeMs: number
  notAfterMs: number
}

/** Signs certificates of users, as a port. */
export interface CertificateAuthority {
  /** Until when what it signs can hold (milliseconds): it ends itself. */
  readonly endsMs: number
  /** The certificate and what leads from it to the cluster's root, PEM; undefined where the request does not hold. */
  sign(signing: Signing): Promise<string | undefined>
}

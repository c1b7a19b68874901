/** A request to sign a certificate. */
export type Signing = {
  /** The request, PKCS #10 as PEM. */
  request: string
  /** The usages, by their names in a CertificateSigningRequest. */
  usages: readonly string[]
  notBeforeMs: number
  notAfterMs: number
}

/** A port that signs certificates of users. */
export interface CertificateAuthority {
  /** Until when its signatures are valid (milliseconds): the CA's own certificate ends then. */
  readonly endsMs: number
  /** The certificate with its chain to the cluster's root, PEM; undefined where the request is not valid. */
  sign(signing: Signing): Promise<string | undefined>
}

/** Asked for by openssl: CN=jane, O=dev, O=ops; and one that would be an administrator. */
export const requestOfJane = `-----BEGIN CERTIFICATE REQUEST-----
MIHmMIGNAgEAMCsxDTALBgNVBAMMBGphbmUxDDAKBgNVBAoMA2RldjEMMAoGA1UE
CgwDb3BzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECtpwg+MZJbVktIdaJ0+G
Pc18l4Pw2OVdPHNYUhx01ZqOW/Nr1VnW03GKdEkzo2Zx+0WIM8bN4ePFJHqVpmQu
uqAAMAoGCCqGSM49BAMCA0gAMEUCIQDh5V8ZW/tOBn3gtjxBBhPgojdC2//zGG1z
jdROkdpmfQIgOuu2RgHMiNjhZiqPIufcdAKW3r53j+1FJvcx66K8Ca4=
-----END CERTIFICATE REQUEST-----
`
export const requestOfAdministrator = `-----BEGIN CERTIFICATE REQUEST-----
MIHjMIGJAgEAMCcxFzAVBgNVBAoMDnN5c3RlbTptYXN0ZXJzMQwwCgYDVQQDDANl
dmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQK2nCD4xkltWS0h1onT4Y9zXyX
g/DY5V08c1hSHHTVmo5b82vVWdbTcYp0STOjZnH7RYgzxs3h48UkepWmZC66oAAw
CgYIKoZIzj0EAwIDSQAwRgIhAJ7hpTGzVzzFYiCnYrfcW8qj7gcIHiNo7Ozsm1HC
rqtMAiEA1ytfoUXNL4xj7hL/Yu+rXyIFEg1H4bVEXa7IQesh3yM=
-----END CERTIFICATE REQUEST-----
`

/** As it stands in `spec.request`. */
export const inBase64 = (pem: string): string => new TextEncoder().encode(pem).toBase64()

/** A CertificateSigningRequest for jane, as she would write it. */
export const signingRequest = (spec: object = {}) => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'jane' },
  spec: {
    request: inBase64(requestOfJane),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
    ...spec,
  },
})

import { bootstrapTokenEndsMs, isBootstrapToken, type Secret } from '@reckon/kubernetes'

/** When a bootstrap token expires; undefined for one without expiry, and for other Secrets. Pure. */
export const plan = (secret: Secret): number | undefined =>
  isBootstrapToken(secret) ? bootstrapTokenEndsMs(secret) : undefined

import { hashSecret, newSecret } from './secret.ts'

const LIFETIME_MS = 10 * 60_000
const MAX_OPEN = 100

/** Tokens that let one browser in, once, within ten minutes. Kept as hashes, in memory only. */
export interface LaunchTokens {
  issue(): string
  /** True the first time for a token issued less than ten minutes ago; never again. */
  redeem(token: string): boolean
}

export function createLaunchTokens(now: () => number): LaunchTokens {
  const expiry = new Map<string, number>()
  return {
    issue() {
      // The oldest makes room: whoever never opened it asks for another.
      if (expiry.size >= MAX_OPEN) expiry.delete(expiry.keys().next().value as string)
      const token = newSecret()
      expiry.set(hashSecret(token), now() + LIFETIME_MS)
      return token
    },
    redeem(token) {
      const hash = hashSecret(token)
      const until = expiry.get(hash)
      expiry.delete(hash)
      return until !== undefined && now() <= until
    },
  }
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { writeFileDurably } from '../../platform/index.ts'
import { hashSecret, newSecret } from './secret.ts'

const FILE = 'sessions.json'
const DAY_MS = 24 * 3600_000
const MAX_SESSIONS = 200
/** Use is written down this often at most: losing an hour of it shortens a session of 30 days by an hour. */
const SAVE_USE_MS = 3600_000

/** A session unused for this long is over. Seconds. */
export const SESSION_SECONDS = 30 * 24 * 3600

const Stored = Type.Object({
  version: Type.Literal(1),
  sessions: Type.Array(
    Type.Object({
      /** SHA-256 of the cookie's value: who reads this file cannot sign in with it. */
      hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      createdAt: Type.Number(),
      usedAt: Type.Number(),
    }),
    { maxItems: MAX_SESSIONS },
  ),
})
type Session = Static<typeof Stored>['sessions'][number]

/** Browsers that are signed in. They survive a restart in `<dataDir>/sessions.json`, mode 0600. */
export interface Sessions {
  /** Resolves with the cookie's value once the session would survive a restart, as far as the disk lets it. */
  create(): Promise<string>
  /** The session's id, null where the secret belongs to none or it has expired. Counts as use. */
  find(secret: string): string | null
  /** Rejects where the end could not be written down: a restart would let the browser in again. */
  end(id: string): Promise<void>
  /** What this session's page must send with every change; no other page can know it. */
  csrfOf(secret: string): string
  /** Resolves when everything is written. */
  close(): Promise<void>
}

/** A file that cannot be understood counts as empty: people sign in again. */
export async function openSessions(dataDir: string, now: () => number): Promise<Sessions> {
  const path = join(dataDir, FILE)
  const sessions = new Map((await load(path)).map(session => [session.hash, session]))
  let saving = Promise.resolve()
  let savedUseAt = now()
  const expired = (session: Session) => now() - session.usedAt > 30 * DAY_MS
  const save = () => {
    const write = saving.then(async () => {
      const stored = { version: 1, sessions: [...sessions.values()].filter(session => !expired(session)) }
      await writeFileDurably(path, `${JSON.stringify(stored)}\n`, 0o600)
    })
    saving = write.catch(() => undefined)
    return write
  }
  return {
    async create() {
      const secret = newSecret()
      if (sessions.size >= MAX_SESSIONS) {
        const oldest = [...sessions.values()].reduce((a, b) => (b.usedAt < a.usedAt ? b : a))
        sessions.delete(oldest.hash)
      }
      const hash = hashSecret(secret)
      sessions.set(hash, { hash, createdAt: now(), usedAt: now() })
      // With a full disk people can still sign in; only a restart would ask them again.
      await save().catch(() => undefined)
      return secret
    },
    find(secret) {
      const session = sessions.get(hashSecret(secret))
      if (!session) return null
      if (expired(session)) {
        sessions.delete(session.hash)
        return null
      }
      session.usedAt = now()
      if (now() - savedUseAt > SAVE_USE_MS) {
        savedUseAt = now()
        // A disk that is full must not lock people out of looking at their pictures.
        save().catch(() => undefined)
      }
      return session.hash
    },
    async end(id) {
      if (sessions.delete(id)) await save()
    },
    csrfOf: secret => hashSecret(`homeroll csrf ${secret}`),
    async close() {
      await save().catch(() => undefined)
    },
  }
}

async function load(path: string): Promise<Session[]> {
  try {
    const stored: unknown = JSON.parse(await readFile(path, 'utf8'))
    return Value.Check(Stored, stored) ? stored.sessions : []
  } catch {
    return []
  }
}

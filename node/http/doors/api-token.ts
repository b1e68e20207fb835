import { chmod, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HomerollError } from '../../../shared/errors/index.ts'
import { writeFileDurably } from '../../platform/index.ts'
import { newSecret } from './secret.ts'

const FILE = 'api-token'

/**
 * The bearer token that scripts use, from `<dataDir>/api-token`; made at first use, readable by its owner alone.
 * A file that others could read is closed to them. Rejects with `bad-api-token` where the file holds no token.
 */
export async function openApiToken(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE)
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw cause
  })
  if (text === null) {
    const token = newSecret()
    await writeFileDurably(path, `${token}\n`, 0o600)
    return token
  }
  const token = text.trim()
  if (!/^[\w-]{32,256}$/.test(token)) {
    throw new HomerollError(
      'bad-api-token',
      `${path} holds no usable token: remove the file and start again to get a new one`,
    )
  }
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600)
  return token
}

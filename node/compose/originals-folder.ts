import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import { writeFileDurably } from '../platform/index.ts'

/**
 * Where the originals of a data folder are kept: as asked for now, else as asked for before, so that every command works
 * on the same originals; else inside the data folder. `remember` keeps what was asked for.
 */
export async function originalsFolderOf(
  dataDir: string,
  asked: string | undefined,
): Promise<{ folder: string; remember: () => Promise<void> }> {
  const path = join(dataDir, 'originals-folder.json')
  const before = await read(path)
  const folder = resolve(asked ?? before ?? join(dataDir, 'originals'))
  return {
    folder,
    async remember() {
      if (asked !== undefined && folder !== before) await writeFileDurably(path, `${JSON.stringify({ folder })}\n`)
    },
  }
}

async function read(path: string): Promise<string | null> {
  try {
    const { folder } = JSON.parse(await readFile(path, 'utf8')) as { folder?: unknown }
    if (typeof folder === 'string') return folder
  } catch (cause) {
    if (errorCode(cause) === 'enoent') return null
  }
  throw new HomerollError('originals-folder-damaged', `${path} is damaged: start once more with --originals DIR`)
}

import { open } from 'node:fs/promises'
import type { Peek } from './formats/format.ts'
import { formats } from './formats/registry.ts'
import { unsupportedName } from './formats/unsupported.ts'
import type { Identity } from './media.ts'

const HEAD_BYTES = 4096
const MAX_READ_BYTES = 1024 * 1024

/** What a file is, by its content. Rejects with the system's error when it cannot be read. */
export async function identify(path: string): Promise<Identity> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const read = async (offset: number, length: number) => {
      if (!Number.isSafeInteger(offset) || offset < 0 || offset >= size) return new Uint8Array(0)
      const bytes = new Uint8Array(Math.min(length, MAX_READ_BYTES, size - offset))
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset)
      return bytes.subarray(0, bytesRead)
    }
    return await nameOf({ head: await read(0, HEAD_BYTES), size, read })
  } finally {
    await file.close()
  }
}

async function nameOf(peek: Peek): Promise<Identity> {
  for (const format of formats) {
    const mime = await format.sniff(peek)
    if (mime !== null) return { outcome: 'known', identified: { format: format.key, mime, type: format.type } }
  }
  const name = await unsupportedName(peek)
  return name === null ? { outcome: 'unknown' } : { outcome: 'unsupported', name }
}

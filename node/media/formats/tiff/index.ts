import type { Format } from '../format.ts'
import { rawName } from './raw-name.ts'
import { readTiff } from './tags.ts'

/** Only pictures: the raw files of cameras are TIFF by their first bytes and hold a small picture that is not theirs. */
export const tiff: Format = {
  key: 'tiff',
  type: 'photo',
  async sniff(peek) {
    const directories = await readTiff(peek)
    return directories && directories.length > 0 && rawName(directories, peek.head) === null ? 'image/tiff' : null
  },
  reader: async () => (await import('../../still/still-reader.ts')).stillReader,
}

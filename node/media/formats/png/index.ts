import { hasText } from '../bytes.ts'
import type { Format } from '../format.ts'

export const png: Format = {
  key: 'png',
  type: 'photo',
  sniff: ({ head }) => (hasText(head, 0, '\x89PNG\r\n\x1a\n') ? 'image/png' : null),
  reader: async () => (await import('../../still/still-reader.ts')).stillReader,
}

import { hasText } from '../bytes.ts'
import type { Format } from '../format.ts'

export const gif: Format = {
  key: 'gif',
  type: 'photo',
  sniff: ({ head }) => (hasText(head, 0, 'GIF87a') || hasText(head, 0, 'GIF89a') ? 'image/gif' : null),
  reader: async () => (await import('../../still/still-reader.ts')).stillReader,
}

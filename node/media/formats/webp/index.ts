import { hasText } from '../bytes.ts'
import type { Format } from '../format.ts'

export const webp: Format = {
  key: 'webp',
  type: 'photo',
  sniff: ({ head }) => (hasText(head, 0, 'RIFF') && hasText(head, 8, 'WEBP') ? 'image/webp' : null),
  reader: async () => (await import('../../still/still-reader.ts')).stillReader,
}

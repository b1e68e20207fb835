import { hasText } from '../bytes.ts'
import type { Format } from '../format.ts'

export const jpeg: Format = {
  key: 'jpeg',
  type: 'photo',
  sniff: ({ head }) => (hasText(head, 0, '\xff\xd8\xff') ? 'image/jpeg' : null),
  reader: async () => (await import('../../still/still-reader.ts')).stillReader,
}

import { HomerollError } from '../../../shared/errors/index.ts'

export interface Damaged {
  outcome: 'damaged'
  code: string
  message: string
}

export function damaged(code: string, message: string): Damaged {
  return { outcome: 'damaged', code, message: message.slice(0, 500) }
}

/** Why a decoder gave up, for people; throws where the file is not there, or the machine is at fault. */
export function reasonOf(thrown: unknown, path: string): Damaged {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  const words = (text.split('\n')[0] ?? '').replaceAll(path, 'the file').trim()
  if (/^Input file is missing/.test(text)) throw new HomerollError('enoent', `${path} is gone`, { cause: thrown })
  if (/permission denied|EACCES/i.test(text))
    throw new HomerollError('eacces', `${path} cannot be read`, { cause: thrown })
  if (/exceeds pixel limit/i.test(text)) return damaged('too-large', 'the picture has more pixels than can be decoded')
  if (/premature end|truncated|unexpected end|end of (file|stream|input)|not enough (data|bytes)/i.test(text)) {
    return damaged('truncated', `the file ends early or has a gap (${words})`)
  }
  if (/unsupported|not supported|not been built|no decode/i.test(text)) {
    return damaged('cannot-decode', `a kind of picture that cannot be decoded (${words})`)
  }
  return damaged('corrupt', `the picture cannot be decoded (${words})`)
}

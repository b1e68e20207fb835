import { en } from './en.ts'

/** Name of a text. */
export type TextKey = keyof typeof en
type Parameters = Record<string, string | number>

const language = 'en'
const plurals = new Intl.PluralRules(language)
const numbers = new Intl.NumberFormat(language)

/** The text for a key, with its parameters filled in; `count` chooses between one and more. */
export function t(key: TextKey, parameters: Parameters = {}): string {
  const entry: string | { one: string; other: string } = en[key]
  const pattern =
    typeof entry === 'string' ? entry : plurals.select(Number(parameters.count)) === 'one' ? entry.one : entry.other
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name]
    return value === undefined ? whole : typeof value === 'number' ? numbers.format(value) : value
  })
}

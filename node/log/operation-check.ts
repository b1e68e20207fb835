import { Compile } from 'typebox/compile'
import { operationSchemas } from '../../shared/schema/index.ts'

const MAX_KIND_LENGTH = 64

const checks = new Map<
  string,
  { Check(value: unknown): boolean; Errors(value: unknown): { instancePath: string; message: string }[] }
>(Object.entries(operationSchemas).map(([kind, schema]) => [kind, Compile(schema)]))

/**
 * Why an operation must not count, or null. A known kind must fit its schema; of an unknown kind only the kind is looked
 * at, since a newer version may mean anything by the rest.
 */
export function operationObjection(operation: unknown): string | null {
  if (typeof operation !== 'object' || operation === null || Array.isArray(operation)) return 'not an object'
  if (operation instanceof Uint8Array) return 'not an object'
  if (!Object.hasOwn(operation, 'kind')) return 'it has no kind'
  const { kind } = operation as { kind: unknown }
  if (typeof kind !== 'string' || kind.length === 0 || kind.length > MAX_KIND_LENGTH) return 'its kind is no short text'
  const check = checks.get(kind)
  if (!check || check.Check(operation)) return null
  const first = check.Errors(operation)[0]
  return first ? `${first.instancePath || '/'} ${first.message}`.slice(0, 200) : 'it does not fit its schema'
}

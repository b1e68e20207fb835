export * from './format.ts'
export { t, type TextKey } from './translate.ts'

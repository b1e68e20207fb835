export { exportTo } from './export.ts'
export { scrub } from './scrub.ts'

export { createHttp } from './create-http.ts'
export { openApiToken } from './doors/api-token.ts'
export { type Http, type HttpOptions } from './options.ts'
export {
  type ChangeResult,
  type DeviceRecord,
  type ExportResult,
  type IntakeOutcome,
  type JobReport,
  type NodeServices,
  type OriginalBytes,
  type Picture,
  type Setup,
} from './services.ts'

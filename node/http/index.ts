export { createHttp } from './create-http.ts'
export { openApiToken } from './doors/api-token.ts'
export { type Http, type HttpOptions } from './options.ts'
export { type NodeServices, type OriginalBytes, type Picture } from './services.ts'

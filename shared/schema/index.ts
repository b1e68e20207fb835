export * from './api.ts'
export { Facts, LocalDateTime } from './facts.ts'
export {
  FRAME_VERSION,
  MAX_FRAME_BYTES,
  MAX_FRAME_OPERATIONS,
  operationSchemas,
  RenditionPlace,
  type Frame,
  type Operation,
  type OperationKind,
  type OperationOf,
  type UnknownOperation,
} from './operation.ts'

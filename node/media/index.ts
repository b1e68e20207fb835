export { createMedia } from './create-media.ts'
export {
  FACTS_VERSION,
  FIRST_VIEW_VERSION,
  RENDITION_VERSION,
  type Identified,
  type Media,
  type Picture,
} from './media.ts'

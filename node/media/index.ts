export { createMedia, type MediaOptions } from './create-media.ts'
export {
  FACTS_VERSION,
  FIRST_VIEW_VERSION,
  RENDITION_VERSION,
  type FirstView,
  type Identified,
  type Identity,
  type Media,
  type Picture,
  type Rendering,
} from './media.ts'

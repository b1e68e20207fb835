import { A } from '@solidjs/router'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { type Component, Show } from 'solid-js'
import { nodeStatus } from '../../data/status.ts'
import { t } from '../../i18n/index.ts'
import css from './device.module.css'

/** A quiet sign on every page while the node has something to tell; leads to where it is told in full. */
export const WarningSign: Component<{ href: string }> = props => {
  const messages = (): string[] => (nodeStatus()?.warnings ?? []).map(warning => warning.message)
  const text = (): string => `${t('device.warnings.label', { count: messages().length })}: ${messages().join(' ')}`
  return (
    <Show when={messages().length > 0}>
      <A class={css.sign} href={props.href} aria-label={text()} title={messages().join('\n')}>
        <TriangleAlert size={18} />
      </A>
    </Show>
  )
}

import Download from 'lucide-solid/icons/download'
import { type Component, createResource, For, Show } from 'solid-js'
import type { AssetRecord } from '../../../shared/schema/api.ts'
import { downloadUrl, reasonOf } from '../../data/api.ts'
import { listDamaged } from '../../data/damaged.ts'
import { formatBytes, formatWhen, t } from '../../i18n/index.ts'
import { Card } from '../../ui/page/page.tsx'
import css from './device.module.css'

/** What is held but cannot be shown, why, and a way to save the originals as they are. */
export const DamagedCard: Component<{ count: number }> = props => {
  const [found] = createResource(() => props.count, listDamaged)
  const records = (): AssetRecord[] | null => (found.error ? null : (found.latest ?? null))
  return (
    <Card title={`${t('device.damaged')} (${props.count})`} text={t('device.damaged.text')}>
      <Show when={found.error as unknown}>
        {error => (
          <p class={css.failure} role="alert">
            {reasonOf(error())}
          </p>
        )}
      </Show>
      <Show when={records()}>
        <ul class={css.damaged} tabIndex={0} aria-label={t('device.damaged')}>
          <For each={records() ?? []}>
            {record => (
              <li class={css.watch}>
                <div class={css.watchText}>
                  <p class={css.path} dir="auto">
                    {record.fileName}
                  </p>
                  <p class={css.soft}>
                    {formatWhen(record.takenAt)} · {formatBytes(record.bytes)}
                  </p>
                  <Show when={record.problem}>{problem => <p class={css.soft}>{problem().message}</p>}</Show>
                </div>
                <a
                  class={css.download}
                  href={downloadUrl(record.id)}
                  download={record.fileName}
                  aria-label={t('device.damaged.download', { name: record.fileName })}
                  title={t('action.download')}
                >
                  <Download size={18} />
                </a>
              </li>
            )}
          </For>
        </ul>
        <Show when={(records()?.length ?? 0) < props.count}>
          <p class={css.soft}>{t('device.damaged.more', { count: records()?.length ?? 0 })}</p>
        </Show>
      </Show>
    </Card>
  )
}

import CloudOff from 'lucide-solid/icons/cloud-off'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { type Component, For, type JSX, onMount, Show } from 'solid-js'
import type { Status } from '../../../shared/schema/api.ts'
import { loadStatus, nodeStatus, statusFailure } from '../../data/status.ts'
import { formatBytes, formatNumber, t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { Choice } from '../../ui/choice/choice.tsx'
import { EmptyState } from '../../ui/empty-state/empty-state.tsx'
import { Card, Page } from '../../ui/page/page.tsx'
import { ProgressBar } from '../../ui/progress-bar/progress-bar.tsx'
import { Spinner } from '../../ui/spinner/spinner.tsx'
import { setTheme, theme } from '../../data/theme.ts'
import { DamagedCard } from './damaged-card.tsx'
import { WatchesCard } from './watches-card.tsx'
import css from './device.module.css'

const Fact: Component<{ name: string; children: JSX.Element }> = props => (
  <div class={css.fact}>
    <dt>{props.name}</dt>
    <dd>{props.children}</dd>
  </div>
)

/** This device: what it is called, what it watches, what it holds. */
export const DevicePage: Component = () => {
  onMount(() => void loadStatus())
  return (
    <Page title={t('device.title')}>
      <Show
        when={nodeStatus()}
        fallback={
          <Show when={statusFailure()} fallback={<Spinner label={t('device.title')} />}>
            {reason => (
              <EmptyState
                alert
                icon={<CloudOff size={36} strokeWidth={1.5} />}
                title={t('device.failed.title')}
                text={reason()}
              >
                <Button onClick={() => void loadStatus()}>{t('action.retry')}</Button>
              </EmptyState>
            )}
          </Show>
        }
      >
        {status => <Sections status={status()} />}
      </Show>
    </Page>
  )
}

const Sections: Component<{ status: Status }> = props => {
  const used = (): number => props.status.disk.total - props.status.disk.free
  const toDo = (): number => props.status.jobs.pending + props.status.jobs.running
  return (
    <>
      <Show when={props.status.warnings.length > 0}>
        <section class={css.warnings} aria-label={t('device.warnings')}>
          <TriangleAlert size={20} />
          <ul>
            <For each={props.status.warnings}>{warning => <li>{warning.message}</li>}</For>
          </ul>
        </section>
      </Show>
      <Card title={t('device.names')}>
        <dl class={css.facts}>
          <Fact name={t('device.family')}>{props.status.space?.name ?? '–'}</Fact>
          <Fact name={t('device.device')}>{props.status.device.name}</Fact>
          <Show when={props.status.members.length > 0}>
            <Fact name={t('device.members')}>{props.status.members.map(member => member.name).join(', ')}</Fact>
          </Show>
          <Fact name={t('device.version')}>{props.status.version}</Fact>
        </dl>
      </Card>
      <WatchesCard />
      <Card title={t('device.storage')}>
        <dl class={css.facts}>
          <Fact name={t('device.storage.photos')}>{formatNumber(props.status.assets)}</Fact>
          <Fact name={t('device.storage.bytes')}>{formatBytes(props.status.bytes)}</Fact>
          <Fact name={t('device.storage.held')}>{formatNumber(props.status.held)}</Fact>
        </dl>
        <Show when={props.status.disk.total > 0}>
          <div class={css.disk}>
            <ProgressBar label={t('device.storage.used')} value={used() / props.status.disk.total} />
            <p class={css.soft}>
              {t('device.storage.free', {
                free: formatBytes(props.status.disk.free),
                total: formatBytes(props.status.disk.total),
              })}
            </p>
          </div>
        </Show>
      </Card>
      <Show when={props.status.damaged > 0}>
        <DamagedCard count={props.status.damaged} />
      </Show>
      <Card title={t('device.work')}>
        <p>{toDo() > 0 ? t('device.work.pending', { count: toDo() }) : t('device.work.idle')}</p>
        <Show when={props.status.jobs.failed > 0}>
          <p class={css.soft}>{t('device.work.failed', { count: props.status.jobs.failed })}</p>
        </Show>
      </Card>
      <Card title={t('theme.label')}>
        <Choice
          row
          label={t('theme.label')}
          value={theme()}
          onChange={setTheme}
          options={[
            { value: 'system', label: t('theme.system') },
            { value: 'light', label: t('theme.light') },
            { value: 'dark', label: t('theme.dark') },
          ]}
        />
      </Card>
    </>
  )
}
